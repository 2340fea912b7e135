//! Expressions of a script while addresses are found: assignments, assertions, the bounds of regions.
//!
//! GNU ld manual, "Expression Section": inside an output section a value counts from its start, outside it is an address.

use super::Engine;
use crate::elf::Elf;
use crate::layout::script::plan::Plan;
use crate::layout::script::scope::View;
use crate::script::{EvalError, Expr, Kind as ValueKind, Place, Value, evaluate};

impl<'a, 'd, E: Elf> Engine<'a, 'd, E> {
    pub(in crate::layout::script) fn eval(
        &self,
        expr: &Expr,
        inside: Option<usize>,
        dot: u64,
    ) -> Result<Value, EvalError> {
        evaluate(
            expr,
            &View {
                engine: self,
                inside,
                dot: Some(dot),
            },
        )
    }

    /// The address an expression gives; errors are reported in the last pass and give 0 before.
    pub(super) fn address(
        &self,
        expr: &Expr,
        inside: Option<usize>,
        dot: u64,
        place: &Place,
    ) -> u64 {
        match self.eval(expr, inside, dot) {
            Ok(v) => self.resolve(v, inside),
            Err(e) => {
                self.complain(place, &e);
                0
            }
        }
    }

    /// An absolute address; a plain number counts from the start of the section it stands in.
    pub(in crate::layout::script) fn resolve(&self, v: Value, inside: Option<usize>) -> u64 {
        let base = |n: usize| self.spots.get(n).map_or(0, |s| s.addr);
        match (v.kind, inside) {
            (ValueKind::Section(n), _) => v.bits.wrapping_add(base(n as usize)),
            (ValueKind::Number, Some(n)) => v.bits.wrapping_add(base(n)),
            _ => v.bits,
        }
    }

    pub(super) fn complain(&self, place: &Place, e: &EvalError) {
        if self.last {
            self.report.error(format!("{place}: {e}"));
        }
    }

    pub(super) fn evaluate_regions(&mut self) {
        let plan = self.plan;
        for region in &plan.regions {
            let Some(n) = self.regions.find(&region.name) else {
                continue;
            };
            let value = |expr: &Expr| {
                let scope = View {
                    engine: self,
                    inside: None,
                    dot: None,
                };
                match evaluate(expr, &scope) {
                    Ok(v) => self.resolve(v, None),
                    Err(e) => {
                        self.complain(&region.place, &e);
                        0
                    }
                }
            };
            let (origin, length) = (value(&region.origin), value(&region.length));
            if let Some(slot) = self.regions.list.get_mut(n) {
                slot.origin = origin;
                slot.length = Some(length);
            }
        }
    }

    pub(super) fn assertion(&self, n: usize, inside: Option<usize>, dot: u64) {
        let Some(a) = self.plan.asserts.get(n).filter(|_| self.last) else {
            return;
        };
        match self.eval(&a.condition, inside, dot) {
            Ok(v) if self.is_true(v) => {}
            Ok(_) => self.report.error(format!(
                "{}: {}",
                a.place,
                String::from_utf8_lossy(&a.message)
            )),
            Err(e) => self.complain(&a.place, &e),
        }
    }

    pub(super) fn is_true(&self, v: Value) -> bool {
        match v.kind {
            ValueKind::Section(_) => self.resolve(v, None) != 0,
            _ => v.bits != 0,
        }
    }

    /// An assignment; gives the new location counter.
    pub(super) fn assign(&mut self, n: usize, inside: Option<usize>, dot: u64) -> u64 {
        let plan: &'a Plan<'d> = self.plan;
        let Some(assign) = plan.assigns.get(n) else {
            return dot;
        };
        let a = &assign.assignment;
        let Some(index) = assign.index else {
            let to = match self.eval(&a.expr, inside, dot) {
                Ok(v) => self.resolve(v, inside),
                Err(e) => {
                    self.complain(&a.place, &e);
                    return dot;
                }
            };
            if inside.is_some() && to < dot {
                if self.last {
                    self.report.error(format!(
                        "{}: cannot move location counter backwards (from {dot:#x} to {to:#x})",
                        a.place
                    ));
                }
                return dot;
            }
            return to;
        };
        if a.provide && !self.provided.contains(&index) {
            return dot;
        }
        match self.eval(&a.expr, inside, dot) {
            Ok(v) => {
                // A number assigned in a section is an offset in it, elsewhere an address.
                let v = match (v.kind, inside) {
                    (ValueKind::Number, Some(s)) => Value::relative(v.bits, s as u32),
                    (ValueKind::Number, None) => Value::absolute(v.bits),
                    _ => v,
                };
                self.values.insert(&a.name, v);
                self.assigned.insert(&a.name);
                match self.latest {
                    // `end = .;` belongs to what it is the end of.
                    Some(n) if inside.is_none() && a.expr == Expr::Dot => {
                        self.homes.insert(&a.name, n);
                    }
                    _ => {
                        self.homes.remove(a.name.as_slice());
                    }
                }
            }
            Err(e) => self.complain(&a.place, &e),
        }
        dot
    }
}

/// `. = 0`, `. = . + 0`, `. = ALIGN(. != 0 ? n : 1)`: nothing in a section that has nothing else.
pub(super) fn may_vanish(e: &Expr) -> bool {
    match e {
        Expr::Number(0) => true,
        Expr::Binary("+", a, b) => matches!((&**a, &**b), (Expr::Dot, Expr::Number(0))),
        Expr::Call(f, args) if f == b"ALIGN" => match args.as_slice() {
            [Expr::Cond(c, _, one)] => {
                matches!(&**c, Expr::Binary("!=", a, b) if **a == Expr::Dot && **b == Expr::Number(0))
                    && **one == Expr::Number(1)
            }
            _ => false,
        },
        _ => false,
    }
}
