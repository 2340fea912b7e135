//! A small generator of numbers: the same sequence on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014): one word of state, good enough to spread mutations.
pub struct Rng(u64);

impl Rng {
    /// The generator of mutant `index` of the seed called `name`.
    pub fn new(name: &str, index: u64) -> Self {
        // FNV-1a, so that seeds do not share their sequences.
        let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        Rng(hash ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number under `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        match n {
            0 => 0,
            n => (self.word() % n as u64) as usize,
        }
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A value for a field of `width` bytes that held `old`: mostly borders, sometimes anything.
    pub fn value(&mut self, old: u64, width: usize, file_len: u64) -> u64 {
        let bits = width as u32 * 8;
        let max = u64::MAX >> (64 - bits);
        let v = match self.below(16) {
            0 => 0,
            1 => 1,
            2 => max,
            3 => max - 1 - (self.word() & 0xf),
            4 => max >> 1,
            5 => (max >> 1) + 1,
            6 => old.wrapping_add(1),
            7 => old.wrapping_sub(1),
            8 => file_len,
            9 => file_len.wrapping_sub(self.word() & 0x3f),
            10 => 1 << (self.word() % u64::from(bits)),
            11 => old ^ (1 << (self.word() % u64::from(bits))),
            12 => old.wrapping_mul(2 + (self.word() & 7)),
            13 => self.word() & 0xff,
            14 => 0u64.wrapping_sub(file_len),
            _ => self.word(),
        };
        v & max
    }
}
