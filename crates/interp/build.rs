//! Chooses the driver: sibling calls need an optimised build, since only then does LLVM turn them into jumps.

fn main() {
    println!("cargo:rustc-check-cfg=cfg(tail_calls)");
    println!("cargo:rerun-if-changed=build.rs");
    let level = std::env::var("OPT_LEVEL").unwrap_or_default();
    let x86_64 = std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "x86_64");
    if x86_64 && matches!(level.as_str(), "2" | "3" | "s") {
        println!("cargo:rustc-cfg=tail_calls");
    }
}
