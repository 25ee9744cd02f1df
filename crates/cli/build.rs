//! Links the command at a fixed address.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Without it, the loader rewrites 27,000 addresses of static tables at each start: a tenth of `taipan -c pass`.
    // Stacks, heap and libraries stay where the system places them at random, as with Debian's CPython.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
