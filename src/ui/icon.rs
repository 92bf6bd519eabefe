//! Icons: a subset of Lucide, one name per picture, drawn as text.
//!
//! The font holds exactly these; `every_icon_has_a_picture` fails when the list and the font part ways. To add one, see
//! `assets/fonts/README.md`.

use iced::Font;
use iced::widget::text::{LineHeight, Shaping};
use iced::widget::{Text, text};

use crate::ui::Renderer;
use crate::ui::theme::{Theme, Tone};

/// The family name inside `lucide-subset.ttf`.
pub const FONT: Font = Font::with_name("lucide");

/// Sizes at which icons are drawn: badge 12, inline 14, button 16, rail 18, palette 20.
pub mod size {
    pub const BADGE: f32 = 12.0;
    pub const INLINE: f32 = 14.0;
    pub const BUTTON: f32 = 16.0;
    pub const RAIL: f32 = 18.0;
    pub const PALETTE: f32 = 20.0;
}

macro_rules! icons {
    ($($name:ident $point:literal $lucide:literal,)*) => {
        /// A picture of the icon font. Always beside a word, except ↑ ↓ × …
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Icon {
            $(#[doc = concat!("Lucide’s `", $lucide, "`.")] $name,)*
        }

        impl Icon {
            /// Every icon in the font.
            pub const ALL: &'static [Icon] = &[$(Icon::$name,)*];

            /// Its code point in the icon font.
            pub const fn code_point(self) -> char {
                match self { $(Icon::$name => $point,)* }
            }

            /// The icon as text.
            pub const fn glyph(self) -> &'static str {
                match self { $(Icon::$name => concat!($point),)* }
            }

            /// Its name in Lucide.
            pub const fn name(self) -> &'static str {
                match self { $(Icon::$name => $lucide,)* }
            }
        }
    };
}

icons! {
    AlarmClock '\u{e03a}' "alarm-clock",
    ArrowDown '\u{e042}' "arrow-down",
    ArrowDownUp '\u{e046}' "arrow-down-up",
    ArrowLeft '\u{e048}' "arrow-left",
    ArrowRight '\u{e049}' "arrow-right",
    ArrowUp '\u{e04a}' "arrow-up",
    ArrowUpDown '\u{e37d}' "arrow-up-down",
    Award '\u{e04f}' "award",
    BadgeCheck '\u{e241}' "badge-check",
    Ban '\u{e051}' "ban",
    Bell '\u{e059}' "bell",
    BookOpen '\u{e05f}' "book-open",
    Bookmark '\u{e060}' "bookmark",
    Building2 '\u{e290}' "building-2",
    Calendar '\u{e063}' "calendar",
    CalendarDays '\u{e2b9}' "calendar-days",
    ChartColumn '\u{e2a3}' "chart-column",
    Check '\u{e06c}' "check",
    ChevronDown '\u{e06d}' "chevron-down",
    ChevronLeft '\u{e06e}' "chevron-left",
    ChevronRight '\u{e06f}' "chevron-right",
    ChevronUp '\u{e070}' "chevron-up",
    ChevronsLeft '\u{e072}' "chevrons-left",
    ChevronsRight '\u{e073}' "chevrons-right",
    Circle '\u{e076}' "circle",
    CircleAlert '\u{e077}' "circle-alert",
    CircleCheck '\u{e226}' "circle-check",
    CircleDashed '\u{e4b0}' "circle-dashed",
    CircleDot '\u{e345}' "circle-dot",
    CircleHelp '\u{e082}' "circle-help",
    CircleMinus '\u{e07e}' "circle-minus",
    CirclePlus '\u{e081}' "circle-plus",
    CircleSlash '\u{e402}' "circle-slash",
    CircleX '\u{e084}' "circle-x",
    ClipboardPaste '\u{e3e8}' "clipboard-paste",
    Clock '\u{e087}' "clock",
    Columns3 '\u{e099}' "columns-3",
    Command '\u{e09a}' "command",
    Copy '\u{e09e}' "copy",
    CornerDownLeft '\u{e0a1}' "corner-down-left",
    CornerUpLeft '\u{e0a7}' "corner-up-left",
    Database '\u{e0ad}' "database",
    Diff '\u{e30c}' "diff",
    DoorOpen '\u{e3d6}' "door-open",
    Download '\u{e0b2}' "download",
    Ellipsis '\u{e0b6}' "ellipsis",
    Equal '\u{e1bd}' "equal",
    ExternalLink '\u{e0b9}' "external-link",
    Eye '\u{e0ba}' "eye",
    EyeOff '\u{e0bb}' "eye-off",
    File '\u{e0c0}' "file",
    FileChartColumn '\u{e311}' "file-chart-column",
    FileCheck2 '\u{e0c2}' "file-check-2",
    FileDown '\u{e318}' "file-down",
    FilePlus2 '\u{e0ca}' "file-plus-2",
    FileSpreadsheet '\u{e326}' "file-spreadsheet",
    FileText '\u{e0cc}' "file-text",
    FileUp '\u{e32a}' "file-up",
    FileX2 '\u{e0ce}' "file-x-2",
    Flag '\u{e0d1}' "flag",
    Folder '\u{e0d7}' "folder",
    FolderOpen '\u{e247}' "folder-open",
    Globe '\u{e0e8}' "globe",
    GraduationCap '\u{e234}' "graduation-cap",
    GripHorizontal '\u{e0ea}' "grip-horizontal",
    GripVertical '\u{e0eb}' "grip-vertical",
    HardDrive '\u{e0ed}' "hard-drive",
    History '\u{e1f5}' "history",
    Hourglass '\u{e296}' "hourglass",
    House '\u{e0f5}' "house",
    Image '\u{e0f6}' "image",
    Info '\u{e0f9}' "info",
    KeyRound '\u{e4a3}' "key-round",
    Keyboard '\u{e284}' "keyboard",
    Landmark '\u{e23a}' "landmark",
    LayoutList '\u{e1d9}' "layout-list",
    Lightbulb '\u{e1c2}' "lightbulb",
    Link2 '\u{e103}' "link-2",
    ListChecks '\u{e1d0}' "list-checks",
    ListFilter '\u{e460}' "list-filter",
    ListTree '\u{e408}' "list-tree",
    Lock '\u{e10b}' "lock",
    LogOut '\u{e10e}' "log-out",
    MapPin '\u{e111}' "map-pin",
    Megaphone '\u{e235}' "megaphone",
    Merge '\u{e43f}' "merge",
    MessagesSquare '\u{e40d}' "messages-square",
    Minus '\u{e11c}' "minus",
    Monitor '\u{e11d}' "monitor",
    Moon '\u{e11e}' "moon",
    Move '\u{e121}' "move",
    MoveRight '\u{e490}' "move-right",
    Package '\u{e129}' "package",
    PackageCheck '\u{e266}' "package-check",
    PanelRight '\u{e431}' "panel-right",
    Paperclip '\u{e12d}' "paperclip",
    PencilLine '\u{e4f0}' "pencil-line",
    Phone '\u{e133}' "phone",
    Pin '\u{e259}' "pin",
    Plus '\u{e13d}' "plus",
    Presentation '\u{e4ae}' "presentation",
    Printer '\u{e141}' "printer",
    Redo2 '\u{e2a0}' "redo-2",
    RefreshCw '\u{e145}' "refresh-cw",
    RotateCcw '\u{e148}' "rotate-ccw",
    Rows3 '\u{e58a}' "rows-3",
    Save '\u{e14d}' "save",
    Scale '\u{e212}' "scale",
    Search '\u{e151}' "search",
    Send '\u{e152}' "send",
    Settings '\u{e154}' "settings",
    ShieldCheck '\u{e1ff}' "shield-check",
    Sparkles '\u{e412}' "sparkles",
    Split '\u{e440}' "split",
    SquareCheck '\u{e559}' "square-check",
    SquareKanban '\u{e170}' "square-kanban",
    SquarePen '\u{e172}' "square-pen",
    Stamp '\u{e3bb}' "stamp",
    Sun '\u{e178}' "sun",
    Table2 '\u{e2f9}' "table-2",
    Tag '\u{e17f}' "tag",
    Target '\u{e180}' "target",
    TextCursorInput '\u{e265}' "text-cursor-input",
    Trash2 '\u{e18e}' "trash-2",
    TreePine '\u{e2f4}' "tree-pine",
    TriangleAlert '\u{e193}' "triangle-alert",
    Undo '\u{e19b}' "undo",
    Undo2 '\u{e2a1}' "undo-2",
    Upload '\u{e19e}' "upload",
    UserPlus '\u{e1a2}' "user-plus",
    UserRound '\u{e468}' "user-round",
    UsersRound '\u{e46e}' "users-round",
    WifiOff '\u{e1af}' "wifi-off",
    X '\u{e1b2}' "x",
    ZoomIn '\u{e1b6}' "zoom-in",
}

/// An icon as an element, `size` px square, in the colour of the text around it.
pub fn icon<'a>(icon: Icon, size: f32) -> Text<'a, Theme, Renderer> {
    text(icon.glyph()).font(FONT).size(size).line_height(LineHeight::Relative(1.0)).shaping(Shaping::Basic)
}

/// An icon in a tone.
pub fn toned<'a>(which: Icon, size: f32, tone: Tone) -> Text<'a, Theme, Renderer> {
    icon(which, size).style(move |theme: &Theme| iced::widget::text::Style { color: Some(tone.ink(theme.tokens)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fonts;

    #[test]
    fn every_icon_has_a_picture() {
        let missing: Vec<_> = Icon::ALL
            .iter()
            .filter(|icon| !fonts::has_glyph(FONT, icon.code_point()))
            .map(|icon| icon.name())
            .collect();
        assert!(missing.is_empty(), "not in lucide-subset.ttf: {missing:?}");
    }

    #[test]
    fn names_and_code_points_are_not_used_twice() {
        let mut points: Vec<_> = Icon::ALL.iter().map(|icon| icon.code_point()).collect();
        points.sort_unstable();
        points.dedup();
        assert_eq!(points.len(), Icon::ALL.len());
    }
}
