//! How one text became another: what stayed, what went, what came, so that a reader sees the change inside the text.

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Gone(String),
    Come(String),
}

/// The most characters that are compared one by one; longer middles are shown as replaced whole.
const MOST: usize = 600;

/// The pieces that lead from one text to the other, in reading order: without [`Piece::Come`] they are the old text, without
/// [`Piece::Gone`] the new one.
pub fn pieces(old: &str, new: &str) -> Vec<Piece> {
    let (a, b): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    let head = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(x, y)| x == y).count();
    let (a_mid, b_mid) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut made = Made::default();
    made.same(&a[..head]);
    if a_mid.len().max(b_mid.len()) > MOST {
        made.gone(a_mid);
        made.come(b_mid);
    } else {
        middle(a_mid, b_mid, &mut made);
    }
    made.same(&a[a.len() - tail..]);
    made.0
}

/// Pieces being made; neighbours of one sort are one piece.
#[derive(Default)]
struct Made(Vec<Piece>);

impl Made {
    fn same(&mut self, of: &[char]) {
        match self.0.last_mut() {
            _ if of.is_empty() => {}
            Some(Piece::Same(text)) => text.extend(of),
            _ => self.0.push(Piece::Same(of.iter().collect())),
        }
    }

    fn gone(&mut self, of: &[char]) {
        match self.0.last_mut() {
            _ if of.is_empty() => {}
            Some(Piece::Gone(text)) => text.extend(of),
            _ => self.0.push(Piece::Gone(of.iter().collect())),
        }
    }

    fn come(&mut self, of: &[char]) {
        match self.0.last_mut() {
            _ if of.is_empty() => {}
            Some(Piece::Come(text)) => text.extend(of),
            _ => self.0.push(Piece::Come(of.iter().collect())),
        }
    }
}

/// The longest common subsequence, with single common characters left out: 及宠物 → 及微生物 reads better replaced whole.
fn middle(a: &[char], b: &[char], made: &mut Made) {
    let width = b.len() + 1;
    // Length of the best match of what is left, from each place on.
    let mut best = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            best[i * width + j] = if a[i] == b[j] {
                best[(i + 1) * width + j + 1] + 1
            } else {
                best[(i + 1) * width + j].max(best[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    while i < a.len() || j < b.len() {
        let run = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
        let on_the_way = run > 0 && best[i * width + j] == best[(i + 1) * width + j + 1] + 1;
        if on_the_way && run > 1 {
            made.gone(&gone);
            made.come(&come);
            gone.clear();
            come.clear();
            made.same(&a[i..i + run]);
            (i, j) = (i + run, j + run);
        } else if on_the_way {
            gone.push(a[i]);
            come.push(b[j]);
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && best[(i + 1) * width + j] >= best[i * width + j + 1]) {
            gone.push(a[i]);
            i += 1;
        } else {
            come.push(b[j]);
            j += 1;
        }
    }
    made.gone(&gone);
    made.come(&come);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(old: &str, new: &str) -> String {
        let one = |piece: &Piece| match piece {
            Piece::Same(text) => text.clone(),
            Piece::Gone(text) => format!("[-{text}]"),
            Piece::Come(text) => format!("[+{text}]"),
        };
        pieces(old, new).iter().map(one).collect()
    }

    #[test]
    fn a_change_stands_inside_the_text() {
        assert_eq!(
            told("饲料添加剂及宠物营养品的研发", "饲料添加剂及微生物肥料的研发"),
            "饲料添加剂及[-宠物营养品][+微生物肥料]的研发"
        );
        assert_eq!(told("研发、生产与销售。", "研发、生产与销售，供应养殖场。"), "研发、生产与销售[+，供应养殖场]。");
        assert_eq!(told("郑一鸣", "沈予安"), "[-郑一鸣][+沈予安]");
        assert_eq!(told("一样", "一样"), "一样");
        assert_eq!(told("", ""), "");
    }

    #[test]
    fn a_long_text_is_replaced_whole_in_the_middle_only() {
        let (old, new) = (format!("头{}尾", "甲".repeat(700)), format!("头{}尾", "乙".repeat(700)));
        assert_eq!(pieces(&old, &new).len(), 4);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_pieces(old in "[甲乙丙丁ab]{0,20}", new in "[甲乙丙丁ab]{0,20}") {
            let mut read = (String::new(), String::new());
            for piece in pieces(&old, &new) {
                match piece {
                    Piece::Same(text) => {
                        read.0.push_str(&text);
                        read.1.push_str(&text);
                    }
                    Piece::Gone(text) => read.0.push_str(&text),
                    Piece::Come(text) => read.1.push_str(&text),
                }
            }
            prop_assert_eq!(read, (old, new));
        }
    }
}
