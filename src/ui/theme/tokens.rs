//! Every colour and measure of the design, once: light and dark, comfortable and compact.
//!
//! The colours are those of `docs`' token table; `contrast.rs` recomputes their WCAG ratios and fails when one is too weak.

use iced::Color;

/// The colours of one theme. Names follow the token table; the comment says what each is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tokens {
    /// Whether this is the dark set.
    pub dark: bool,
    /// Rail, top bar, status bar, first-run background.
    pub desk: Color,
    /// Page, fields, slips.
    pub sheet: Color,
    /// Table head, deadline strip, decision panel, action bar.
    pub inset: Color,
    /// Row under the pointer, newest round.
    pub hover: Color,
    /// Selected row, chip that is on, drop slot.
    pub selected: Color,
    /// Popover, palette, toast, dialog.
    pub pop: Color,
    /// Row hairline (decoration).
    pub line: Color,
    /// Panel edge, under a table head, badge outline (decoration).
    pub line_strong: Color,
    /// Border of a field, button, checkbox: at least 3:1 on the sheet.
    pub line_ctl: Color,
    /// The 2 px rule above each table, totals, first-run frame.
    pub rule: Color,
    /// Names, values.
    pub t1: Color,
    /// Labels, secondary columns, inactive tabs.
    pub t2: Color,
    /// Units, hints, “—”, placeholder; never what must be read to decide.
    pub t3: Color,
    /// Links, active tab, focus, current stage.
    pub accent: Color,
    /// Primary button, checked box, stage done.
    pub accent_fill: Color,
    /// Text on `accent_fill` and `danger_fill`.
    pub on_fill: Color,
    /// The accent's quiet ground (equal to `selected`).
    pub accent_soft: Color,
    /// 通过, 有效, 新增.
    pub success: Color,
    pub success_soft: Color,
    /// 退回, 缺数据, two or three working days left, a changed cell.
    pub warn: Color,
    pub warn_soft: Color,
    /// 不通过, one working day or less, 损坏, deleted text.
    pub danger: Color,
    pub danger_soft: Color,
    /// 已逾期 only.
    pub danger_fill: Color,
    /// 公示, 待核, offline-package banner.
    pub info: Color,
    pub info_soft: Color,
    /// Behind palette and dialogs.
    pub scrim: Color,
    /// Under popover, palette, toast, dialog: 0 8 24.
    pub shadow: Color,
}

const fn rgb(hex: u32) -> Color {
    rgba(hex, 1.0)
}

const fn rgba(hex: u32, a: f32) -> Color {
    Color {
        r: ((hex >> 16) & 0xFF) as f32 / 255.0,
        g: ((hex >> 8) & 0xFF) as f32 / 255.0,
        b: (hex & 0xFF) as f32 / 255.0,
        a,
    }
}

/// Daylight.
pub const LIGHT: Tokens = Tokens {
    dark: false,
    desk: rgb(0xE8ECEB),
    sheet: rgb(0xFFFFFF),
    inset: rgb(0xF4F6F5),
    hover: rgb(0xEDF2F2),
    selected: rgb(0xDCE9EC),
    pop: rgb(0xFFFFFF),
    line: rgb(0xD6DDDC),
    line_strong: rgb(0xA9B5B5),
    line_ctl: rgb(0x7F8E8E),
    rule: rgb(0x2B3A3D),
    t1: rgb(0x18232A),
    t2: rgb(0x48575B),
    t3: rgb(0x586769),
    accent: rgb(0x17566A),
    accent_fill: rgb(0x17566A),
    on_fill: rgb(0xFFFFFF),
    accent_soft: rgb(0xDCE9EC),
    success: rgb(0x226239),
    success_soft: rgb(0xDFEEE3),
    warn: rgb(0x7D5200),
    warn_soft: rgb(0xF8ECD0),
    danger: rgb(0xA3271F),
    danger_soft: rgb(0xF9E3E0),
    danger_fill: rgb(0xA3271F),
    info: rgb(0x3A5590),
    info_soft: rgb(0xE3E9F5),
    scrim: rgba(0x12181A, 0.40),
    shadow: rgba(0x12181A, 0.18),
};

/// Lamplight.
pub const DARK: Tokens = Tokens {
    dark: true,
    desk: rgb(0x12181A),
    sheet: rgb(0x1A2225),
    inset: rgb(0x212B2E),
    hover: rgb(0x253135),
    selected: rgb(0x1E3C46),
    pop: rgb(0x253135),
    line: rgb(0x304044),
    line_strong: rgb(0x4B5F64),
    line_ctl: rgb(0x6F858A),
    rule: rgb(0xA9B8BA),
    t1: rgb(0xE6ECEB),
    t2: rgb(0xB4C1C2),
    t3: rgb(0x98A8AA),
    accent: rgb(0x7FC1D2),
    accent_fill: rgb(0x22667A),
    on_fill: rgb(0xFFFFFF),
    accent_soft: rgb(0x1E3C46),
    success: rgb(0x86CB9A),
    success_soft: rgb(0x1D3A28),
    warn: rgb(0xE5BC6A),
    warn_soft: rgb(0x3D3117),
    danger: rgb(0xF2A097),
    danger_soft: rgb(0x4A2320),
    danger_fill: rgb(0xA8322A),
    info: rgb(0xA9BDEB),
    info_soft: rgb(0x263048),
    scrim: rgba(0x06090A, 0.62),
    shadow: rgba(0x000000, 0.50),
};

/// What a colour says. One accent means here, chosen or go; warm tones are kept for what is late, missing or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tone {
    /// Names and values (t1).
    #[default]
    Plain,
    /// Labels and secondary columns (t2).
    Quiet,
    /// Units, hints, “—” (t3).
    Faint,
    Accent,
    Success,
    Warn,
    Danger,
    Info,
    /// On an accent or danger fill.
    OnFill,
}

impl Tone {
    /// The colour of text and icons in this tone.
    pub fn ink(self, t: &Tokens) -> Color {
        match self {
            Tone::Plain => t.t1,
            Tone::Quiet => t.t2,
            Tone::Faint => t.t3,
            Tone::Accent => t.accent,
            Tone::Success => t.success,
            Tone::Warn => t.warn,
            Tone::Danger => t.danger,
            Tone::Info => t.info,
            Tone::OnFill => t.on_fill,
        }
    }

    /// The quiet ground of this tone; the neutral tones have none but the inset.
    pub fn soft(self, t: &Tokens) -> Color {
        match self {
            Tone::Plain | Tone::Quiet | Tone::Faint | Tone::OnFill => t.inset,
            Tone::Accent => t.accent_soft,
            Tone::Success => t.success_soft,
            Tone::Warn => t.warn_soft,
            Tone::Danger => t.danger_soft,
            Tone::Info => t.info_soft,
        }
    }
}

/// Corner radii.
pub mod radius {
    /// Badge, checkbox, key cap.
    pub const SMALL: f32 = 3.0;
    /// Control, slip.
    pub const CONTROL: f32 = 4.0;
    /// Popover, rail tab.
    pub const POP: f32 = 6.0;
    /// The sheet's top-left corner.
    pub const SHEET: f32 = 8.0;
    /// Chip: half of its height.
    pub const CHIP: f32 = 13.0;
}

/// Fixed sizes of the shell and of panels, in logical pixels.
pub mod size {
    pub const TOP_BAR: f32 = 44.0;
    pub const STATUS_BAR: f32 = 26.0;
    pub const RAIL: f32 = 136.0;
    pub const RAIL_FOLDED: f32 = 64.0;
    /// At or below this window width the rail folds.
    pub const RAIL_FOLDS_AT: f32 = 1400.0;
    /// A panel beside a list.
    pub const PANEL_MIN: f32 = 440.0;
    pub const PANEL_USUAL: f32 = 480.0;
    pub const PANEL_MAX: f32 = 768.0;
    /// Below this window width the panel covers the list.
    pub const PANEL_COVERS_BELOW: f32 = 1180.0;
    pub const PAGE_LEFT: f32 = 24.0;
    pub const PAGE_RIGHT: f32 = 20.0;
    pub const CHIP: f32 = 26.0;
    pub const BADGE: f32 = 20.0;
    pub const DECISION: f32 = 36.0;
    pub const TABS: f32 = 34.0;
    pub const SLIP: f32 = 60.0;
    pub const TOAST: f32 = 44.0;
    pub const CHECK: f32 = 16.0;
    pub const CELL_PAD: f32 = 8.0;
}

/// How tightly rows are set. The person chooses it once for the whole program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Density {
    #[default]
    Comfortable,
    Compact,
    /// 大字: one size up for reading.
    Large,
}

impl Density {
    /// Height of a row of a grid or table.
    pub const fn row(self) -> f32 {
        match self {
            Density::Comfortable => 32.0,
            Density::Compact => 28.0,
            Density::Large => 36.0,
        }
    }

    /// How much wider a column is set than its declared width, because its text is larger.
    pub const fn widening(self) -> f32 {
        match self {
            Density::Comfortable | Density::Compact => 1.0,
            // 16 for 14.
            Density::Large => 16.0 / 14.0,
        }
    }

    /// Height of a table head.
    pub const fn head(self) -> f32 {
        match self {
            Density::Comfortable => 32.0,
            Density::Compact => 28.0,
            Density::Large => 36.0,
        }
    }

    /// Height of a totals row.
    pub const fn totals(self) -> f32 {
        match self {
            Density::Comfortable => 32.0,
            Density::Compact => 30.0,
            Density::Large => 36.0,
        }
    }

    /// Height of a button, field or select.
    pub const fn control(self) -> f32 {
        match self {
            Density::Comfortable => 32.0,
            Density::Compact => 28.0,
            Density::Large => 36.0,
        }
    }
}
