#ifndef KONTOR_CSCAN_H
#define KONTOR_CSCAN_H

// The two loops that matching files of millions of lines spends its time in: delimited text to compact entries, and
// the join of one partition's entries. Swift decides everything else; nothing here allocates, locks or calls back.
// Where a loop cannot go on (memory full, a word it has not seen) it returns with its place and is called again.

#include <stddef.h>
#include <stdint.h>

#define CSCAN_WINDOW 32768        // Bytes that are indexed at a time, and so the longest line that is read.
#define CSCAN_PAD 32768           // Bytes behind a file that must be readable (zeros): no loop has a tail of its own.
#define CSCAN_FIELDS 512          // Most columns of a file.
enum { CSCAN_LIST = CSCAN_WINDOW + CSCAN_FIELDS + 64 };
#define CSCAN_KEY_PARTS 4         // Columns that one key may consist of.
#define CSCAN_KEY_BYTES 1024      // Longest text of one key column.
#define CSCAN_KEY_WORDS (CSCAN_KEY_PARTS * (CSCAN_KEY_BYTES / 8 + 1) + 1)
#define CSCAN_PLACEHOLDERS 64     // Of at most 15 bytes each; longer keys are never one.
#define CSCAN_WORD_BYTES 32       // Longest currency, status or kind.
#define CSCAN_WORD_LIMIT 255      // Different ones of each.
#define CSCAN_WORD_PLACES 256
#define CSCAN_STATUS_WIDE 7       // In an entry's status: the amount does not fit, ask the file.
#define CSCAN_FEE_UNKNOWN INT64_MIN
#define CSCAN_OFFSET_BITS 40
#define CSCAN_OFFSET_MASK ((1ULL << CSCAN_OFFSET_BITS) - 1)
#define CSCAN_NONE UINT32_MAX
#define CSCAN_HASH_MASK ((1ULL << 56) - 1)  // Hashes that are added up have 56 bits, so that a sum of some is exact.

// Whether the wide instructions of the scan are there; asked of the machine, not of the compiler.
int cscan_wide(void);
// For tests: 0 makes the baseline run on any machine, 1 goes back to what the machine has.
void cscan_allow_wide(int allowed);

// Random coefficients of the key hash, one set for a whole job: 4 words for each word of text.
// Lemire & Kaser, "Strongly universal string hashing is fast" (2014): (m0 + sum m[i] * s[i] mod 2^128) >> 64 is
// strongly universal, so that whoever does not know the coefficients finds no collision better than by luck.
typedef struct {
    uint64_t m[4 * (CSCAN_KEY_WORDS + 3)];  // The last two are for a line's values.
} cscan_secret;

// What a word of a file stands for. `code` is 0...254 for a currency, a status or kind for those, or one below.
enum { CSCAN_WORD_SKIP = 254, CSCAN_WORD_REFUSED = 255 };
typedef struct {
    uint8_t text[CSCAN_WORD_BYTES];
    uint8_t length;
    uint8_t code;
    uint8_t decimals;  // Of a currency: how many digits its minor unit has.
} cscan_word;

typedef struct {
    uint32_t count;
    uint8_t places[CSCAN_WORD_PLACES];  // By the first eight bytes: which word was met last.
    cscan_word words[CSCAN_WORD_LIMIT];
} cscan_words;

typedef struct {
    uint8_t separator;
    uint8_t quoted;         // Whether '"' quotes a field (RFC 4180). Without it a '"' anywhere stops the scan.
    uint8_t major;          // Amounts and fees are in major units: "12.30" is 1230 where the currency has two decimals.
    uint8_t key_parts;
    uint8_t strip;          // A byte that is dropped from the front of fields, e.g. '`'; 0 is none.
    uint8_t fixed_currency; // Codes used where there is no column.
    uint8_t fixed_decimals;
    uint8_t fixed_status;
    uint8_t fixed_kind;
    uint8_t negate;         // The file's plus is money from us.
    uint8_t fee_wanted;     // Entries carry the fee. Otherwise a fee column is only checked to be a number.
    uint8_t placeholder_count;
    uint16_t fields;        // Every line has exactly this many.
    int16_t key[CSCAN_KEY_PARTS];
    int16_t amount, currency, status, kind, fee;  // Column indexes; -1 is none.
    // Words that stand for no key. The lengths of those with a first byte, as bits, so that few keys are compared.
    uint32_t placeholder_lengths[256];
    uint8_t placeholders[CSCAN_PLACEHOLDERS][16];
} cscan_layout;

// Where entries go: chains of blocks in one arena, a chain for every partition. A block is 8 bytes (the block before
// it in its chain) and then entries. `stride` is 24 bytes, or 32 with a fee.
//   word 0: 64 bits of the hash
//   word 1: 24 bits of the hash, 40 bits of the signed amount
//   word 2: 13 bits of the hash, 3 of status, 8 of currency, 40 of the line's offset
//   word 3: the fee
// A cursor stands where the next entry goes; blocks are aligned, so that it also says whether its block is full.
#define CSCAN_BLOCK 2048
#define CSCAN_CURSOR_FULL(stride) (8 + (CSCAN_BLOCK - 8) / (stride) * (stride))
typedef struct {
    uint8_t **cursors;      // Of every partition. At first CSCAN_CURSOR_FULL, as if a block before were full.
    uint32_t *heads;        // The newest block of every partition.
    uint8_t *arena;         // Aligned to CSCAN_BLOCK.
    uint32_t blocks;        // How many the arena holds.
    uint32_t *used;         // Shared by the sinks of one arena.
    uint32_t partitions;    // A power of two, at most 8,192.
    uint32_t stride;
} cscan_sink;

// Where lines are added up instead: what is on both sides cancels, whatever its order. `line` is a hash of a line's key
// and values, `key` of its key; both are sums modulo 2^64, over all lines of the cell with their signs.
typedef struct { uint64_t line, key; uint32_t check; int32_t count; } cscan_cell;
#define CSCAN_AHEAD 16     // Lines that wait for their cells to come from memory.
#define CSCAN_REPEATED 255 // How often a difference may be repeated and still be read: 2^8 numbers of 56 bits are 64 bits.
typedef struct { uint64_t line, key; uint32_t places[3]; int32_t times; } cscan_pending;
typedef struct {
    cscan_cell *cells;     // Three times `third`: a line is in one cell of each third.
    uint32_t third;
    uint32_t next;
    cscan_pending pending[CSCAN_AHEAD];
} cscan_sketch;
// Adds what is pending. Before merging and reading.
void cscan_sketch_settle(cscan_sketch *sketch);
void cscan_sketch_merge(cscan_sketch *into, const cscan_sketch *other);
// The keys of all lines that one side has more often, each once for every such line; -1 when there are more than the
// sketch can tell apart, or more than `limit`. `stack` has room for 2 * limit + 3 places. Destroys the sums.
int64_t cscan_sketch_read(cscan_sketch *sketch, uint64_t *keys, uint64_t limit, uint32_t *stack);

// Keys whose lines are to be found: a bitmap that says no to nearly all others, and a table.
#define CSCAN_NO_KEY UINT64_MAX
typedef struct {
    uint64_t *bits, bit_mask;  // A power of two of bits.
    uint64_t *keys, mask;      // A power of two of places, all CSCAN_NO_KEY at first, less than half of them used.
} cscan_selection;
void cscan_select(cscan_selection *selection, const uint64_t *keys, uint64_t count);
typedef struct { uint64_t one, two, offset; } cscan_selected;  // The key's whole hash: other keys may share 56 bits of it.

typedef struct { uint64_t offset; uint64_t line; uint16_t code; uint16_t detail; } cscan_reject;
enum {
    CSCAN_REJECT_FIELDS = 1,   // detail: how many it has
    CSCAN_REJECT_LONG,
    CSCAN_REJECT_QUOTE,        // opened and never closed
    CSCAN_REJECT_KEY_LONG,
    CSCAN_REJECT_AMOUNT,       // no number, or more decimals than the currency has
    CSCAN_REJECT_AMOUNT_RANGE,
    CSCAN_REJECT_FEE,
    CSCAN_REJECT_FEE_RANGE,
    CSCAN_REJECT_CURRENCY,
    CSCAN_REJECT_STATUS,
    CSCAN_REJECT_KIND
};
typedef struct { uint64_t offset; uint64_t line; } cscan_mark;

typedef struct {
    const uint8_t *data;
    uint64_t size;
    uint64_t at;        // Start of the line to read next.
    uint64_t stop;      // Lines that start here or later are not read.
    uint32_t window;    // How many bytes to index at a time; fewer than CSCAN_WINDOW for single lines.
    uint64_t line;      // Newlines before `at`, counted from where the scan began.
    uint64_t rows, skipped, blank;
    const cscan_layout *layout;
    const cscan_secret *secret;
    cscan_words *currencies, *statuses, *kinds;
    // One of three: lines become entries, are added to a sketch `times` times (1 or -1), or are looked for.
    cscan_sink *sink;
    cscan_sketch *sketch;
    int32_t times;
    const cscan_selection *selection;
    cscan_selected *selected;
    uint32_t selected_count, selected_limit;
    uint32_t *separators, *newlines, *inner;  // Scratch of CSCAN_LIST places each.
    uint8_t *text;                            // Scratch of CSCAN_WINDOW + 16 bytes.
    cscan_reject *rejects;
    uint32_t reject_count, reject_limit;
    cscan_mark *marks;  // Every `mark_every` bytes the start and number of a line, so that a line's number is found again.
    uint32_t mark_count, mark_limit;
    uint64_t mark_every, next_mark;
    uint64_t *keyless;  // Offsets of lines whose key is empty.
    uint32_t keyless_count, keyless_limit;
    const uint8_t *word;  // The word that is not known.
    uint32_t word_length;
} cscan_scan;

enum {
    CSCAN_DONE,
    CSCAN_FULL,          // The arena has no block left.
    CSCAN_LISTS_FULL,    // Rejects, marks or keyless lines need room.
    CSCAN_NEW_CURRENCY, CSCAN_NEW_STATUS, CSCAN_NEW_KIND,
    CSCAN_QUOTE          // There are quotes after all.
};
int cscan_lines(cscan_scan *scan);

// Where the quoting stands at `stop`, when it stood at `quoted` at `at`. The byte before `at` must be no quote.
int cscan_quoting(const uint8_t *data, uint64_t at, uint64_t stop, uint8_t separator, int quoted);
// The first line that starts at or behind `at`, for text whose quoting at `at` is known.
uint64_t cscan_line_start(const uint8_t *data, uint64_t size, uint64_t at, const cscan_layout *layout, int quoted);
uint64_t cscan_newlines(const uint8_t *data, uint64_t at, uint64_t stop);

// The fields of the one line at `at`: where each begins and ends, blanks around it left out; a quoted one with its quotes,
// `open` when its quote is never closed. Returns how many there are, at most `limit` of them written; `next` is where the following line starts.
typedef struct { uint64_t start, end; uint8_t quoted, open; } cscan_field;
uint32_t cscan_fields(
    const uint8_t *data, uint64_t size, uint64_t at, const cscan_layout *layout, cscan_field *fields, uint32_t limit,
    uint64_t *next);
// The text of a field as keys and words are made of it: `text` points to it, or into `buffer` of length + 16 bytes.
size_t cscan_field_text(
    const uint8_t *data, const cscan_field *field, uint8_t strip, uint8_t *buffer, const uint8_t **text);
// Whether a key stands for none.
int cscan_placeholder(const cscan_layout *layout, const uint8_t *text, size_t length);
// An exact integer of minor units from text; a CSCAN_REJECT_AMOUNT code, or 0.
int cscan_amount(const uint8_t *text, size_t length, uint32_t decimals, int64_t *minor);

// Joins the entries of one partition. A key that each side has once with equal values is a match and only counted; all
// other lines are written to `found`, those of one key with one `group`: the smallest offset of our lines, or of theirs
// with the top bit set where we have none. `slots` is scratch of a power of two, at least 1.25 (ours + theirs); all
// zeros before and after. `found` has room for ours + theirs. With `fee_expected` a fee that only they know differs.
typedef struct { uint64_t group, line; } cscan_found;  // line: an offset; the top bit set is theirs.
#define CSCAN_THEIRS (1ULL << 63)
typedef struct { uint32_t ours, theirs; } cscan_slot;  // Index + 1; top bit of theirs: the pair is equal; of ours: see found.
uint32_t cscan_join(
    const uint8_t *ours, uint32_t ours_count, const uint8_t *theirs, uint32_t theirs_count, uint32_t stride,
    int fee_expected, cscan_slot *slots, uint32_t slot_count, cscan_found *found, uint64_t *matched);

#endif
