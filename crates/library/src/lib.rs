//! The pure-Python library, compiled when this crate was built and embedded as an image.
//! Invariant: reading a module needs no file; the code runs where it lies in the binary.

use taipan_bytecode::{Image, ImageModule};

/// Bytes aligned to words, so that the image can be used in place.
#[repr(C, align(16))]
struct Aligned<T: ?Sized>(T);

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/library.image")));

/// The image of the library.
pub fn image() -> Image<'static> {
    Image::from_bytes(&BYTES.0).expect("the image was built with this instruction set")
}

/// A module of the library by its dotted name.
pub fn find(name: &str) -> Option<ImageModule<'static>> {
    image().find(name)
}

/// Files that are no modules: paths below the library, and contents.
static DATA: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/data.rs"));

/// The content of a file of the library that is no module.
pub fn data(path: &str) -> Option<&'static [u8]> {
    DATA.iter().find(|file| file.0 == path).map(|file| file.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_can_be_found_and_read() {
        let json = find("json").expect("json is there");
        assert!(json.is_package);
        assert_eq!(json.path, "json/__init__.py");
        let code = json.code.to_code("/lib/").expect("the image is sound");
        assert_eq!(&*code.filename, "/lib/json/__init__.py");
        assert_eq!(taipan_bytecode::verify(&code), Ok(()));
        assert_eq!(json.code.words().expect("sound"), &*code.words);
        assert!(find("json.decoder").is_some_and(|module| !module.is_package));
        assert!(find("no.such.module").is_none());
    }

    #[test]
    fn the_wheel_of_pip_is_there() {
        let wheel = DATA.iter().find(|file| file.0.starts_with("ensurepip/_bundled/pip-"));
        assert!(wheel.is_some_and(|file| file.1.starts_with(b"PK") && data(file.0) == Some(file.1)));
        assert!(data("no/such/file").is_none());
    }

    #[test]
    fn every_module_is_sound() {
        for module in image().modules() {
            let code = module.code.to_code("").expect("the image is sound");
            assert_eq!(taipan_bytecode::verify(&code), Ok(()), "{}", module.name);
            assert!(module.source.is_some());
        }
        assert!(image().len() > 500);
    }
}
