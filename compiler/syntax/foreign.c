/* foreign.c: characters that word processors, web pages and keyboards put in place of those of ASCII. They are told by
 * their Unicode name, with what to write. */
#include "syntax/parser.h"

typedef struct {
    unsigned code;
    const char *name, *ascii;   /* ascii: what was meant; "" where nothing was */
} Lookalike;

static const Lookalike lookalikes[] = {
    {0xa0, "a no-break space", " "},           {0xab, "a left guillemet", "\""},
    {0xad, "a soft hyphen", ""},               {0xb4, "an acute accent", "'"},
    {0xb7, "a middle dot", "*"},               {0xbb, "a right guillemet", "\""},
    {0xd7, "a multiplication sign", "*"},      {0xf7, "a division sign", "/"},
    {0x200b, "a zero width space", ""},        {0x2010, "a hyphen", "-"},
    {0x2011, "a no-break hyphen", "-"},        {0x2012, "a figure dash", "-"},
    {0x2013, "an en dash", "-"},               {0x2014, "an em dash", "-"},
    {0x2018, "a left quotation mark", "'"},    {0x2019, "a right quotation mark", "'"},
    {0x201a, "a low quotation mark", "'"},     {0x201c, "a left double quotation mark", "\""},
    {0x201d, "a right double quotation mark", "\""}, {0x201e, "a low double quotation mark", "\""},
    {0x2026, "an ellipsis", "..."},            {0x2032, "a prime", "'"},
    {0x2190, "an arrow", "="},                 {0x2192, "an arrow", "->"},
    {0x2212, "a minus sign", "-"},             {0x2215, "a division slash", "/"},
    {0x2217, "an asterisk operator", "*"},     {0x2219, "a bullet operator", "*"},
    {0x221a, "a square root", "math.sqrt"},    {0x2223, "a divides sign", "|"},
    {0x2227, "a logical and", "and"},          {0x2228, "a logical or", "or"},
    {0x2260, "a not equal sign", "!="},        {0x2264, "a less or equal sign", "<="},
    {0x2265, "a greater or equal sign", ">="}, {0x22c5, "a dot operator", "*"},
    {0x3000, "an ideographic space", " "},     {0x3001, "an ideographic comma", ","},
    {0xfeff, "a byte order mark", ""},         {0xff5e, "a fullwidth tilde", "~"},
};

/* Ranges without letters and digits: punctuation, symbols, operators, spaces, pictures. */
static const unsigned signs[][2] = {
    {0x80, 0xa9},     {0xab, 0xb4},     {0xb6, 0xb6},     {0xb8, 0xb9},     {0xbb, 0xbf},   {0xd7, 0xd7},
    {0xf7, 0xf7},     {0x2000, 0x203e}, {0x2041, 0x2053}, {0x2055, 0x2070}, {0x20a0, 0x20cf}, {0x2190, 0x2bff},
    {0x3000, 0x3004}, {0x3008, 0x3020}, {0xfe50, 0xfe6b}, {0xfeff, 0xfeff}, {0xff01, 0xff0f}, {0xff1a, 0xff20},
    {0xff3b, 0xff3e}, {0xff40, 0xff40}, {0xff5b, 0xff65}, {0x1f000, 0x1fbef},
};

/* One character of UTF-8; the place behind it. What is no UTF-8 is a character of its own above all of Unicode. */
static const unsigned char *decode(const unsigned char *at, const unsigned char *end, unsigned *code) {
    int more = *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc0 ? 1 : 0;
    *code = *at;
    if (*at < 0x80)
        return at + 1;
    *code = *at & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if (at + i >= end || (at[i] & 0xc0) != 0x80)
            more = 0;
        else
            *code = *code << 6 | (at[i] & 0x3f);
    }
    if (!more)
        *code = 0x110000;
    return at + 1 + more;
}

static bool is_sign(unsigned code) {
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (code >= signs[i][0] && code <= signs[i][1])
            return code != 0xb7;   /* a name may have a middle dot inside */
    return code >= 0x110000;
}

const unsigned char *foreign_find(const unsigned char *at, const unsigned char *end) {
    const unsigned char *first = at;
    unsigned code;
    while (at < end) {
        const unsigned char *behind = decode(at, end, &code);
        if (code >= 0x80 && (is_sign(code) || (at == first && code == 0xb7)))
            return at;
        at = behind;
    }
    return NULL;
}

/* The end of a string between typographic quotes: its line has another of them. NULL: it has none. */
static const unsigned char *closing_quote(const unsigned char *at, const unsigned char *end) {
    unsigned code;
    while (at < end && *at != '\n') {
        at = decode(at, end, &code);
        if (code == 0xbb || (code >= 0x2018 && code <= 0x201f))
            return at;
    }
    return NULL;
}

static const Lookalike *lookalike_of(unsigned code) {
    for (size_t i = 0; i < sizeof lookalikes / sizeof *lookalikes; i++)
        if (lookalikes[i].code == code)
            return &lookalikes[i];
    return NULL;
}

static void report(Span span, unsigned code) {
    const Lookalike *known = lookalike_of(code);
    char ascii[2] = {(char)(code - 0xfee0), 0};   /* the fullwidth forms follow the order of ASCII */
    bool fullwidth = code >= 0xff01 && code <= 0xff5e;
    if (code >= 0x110000) {
        diag_error(span, DIAG_BAD_CHARACTER, "this is not UTF-8, which the source must be");
        return;
    }
    Diag *diag = known ? diag_error(span, DIAG_BAD_CHARACTER, "this is %s, U+%04X, which no token has", known->name, code)
                       : diag_error(span, DIAG_BAD_CHARACTER, "no token has the character U+%04X", code);
    const char *meant = known ? known->ascii : fullwidth ? ascii : NULL;
    if (meant && !strcmp(meant, " "))
        diag_help(diag, "write a plain space");
    else if (meant && *meant)
        diag_help(diag, "write %s", meant);
    else
        diag_help(diag, "leave it out");
}

const unsigned char *foreign_report(uint32_t file, const unsigned char *base, const unsigned char *at,
                                    const unsigned char *word_end, const unsigned char *end, bool *string) {
    unsigned code;
    const unsigned char *behind = decode(at, word_end, &code);
    report((Span){file, (uint32_t)(at - base), (uint32_t)(behind - base)}, code);
    bool quote = code == 0xab || (code >= 0x2018 && code <= 0x201f);
    const unsigned char *close = quote ? closing_quote(behind, end) : NULL;
    *string = close != NULL;
    return close ? close : behind;
}
