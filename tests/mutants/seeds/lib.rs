//! A crate of its own, without the standard library.
#![no_std]

pub trait Shape {
    fn area(&self) -> u64;
}
pub struct Square(pub u64);
impl Shape for Square {
    fn area(&self) -> u64 {
        self.0 * self.0
    }
}

static NAMES: [&str; 3] = ["first", "second", "third"];

#[no_mangle]
pub extern "C" fn rust_entry(n: usize) -> u64 {
    let shape: &dyn Shape = &Square(n as u64);
    shape.area() + NAMES[n % 3].len() as u64
}
