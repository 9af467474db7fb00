/* read_size.c: sizes, `v + 2*(s // 2) - 1`, with Python's precedences. */
#include "nest/read.h"

static Size read_arguments(Reader *r, bool least) {
    expect(r, "(");
    Size size = read_size(r);
    while (accept(r, ","))
        size = least ? size_min(size, read_size(r)) : size_max(size, read_size(r));
    expect(r, ")");
    return size;
}

static Size read_view_axis(Reader *r) {
    const Token *token = &r->lexer.token;
    int axis = token->length == 2 ? token->start[1] - '0' : -1;
    if (axis < 0 || axis >= RANK_MAX)
        read_fail(r, "a view has axes $0 to $%d", RANK_MAX - 1);
    lex_next(r);
    return size_atom(text_view_axis(axis));
}

/* An i64 value as a size. */
static Size read_size_value(Reader *r) {
    Value *value = read_value(r);
    if (value->kind != VALUE_SCALAR || value->dtype != DTYPE_I64)
        read_fail(r, "only an i64 can stand in a size");
    return value_size(value);
}

static Size read_primary(Reader *r, bool negative) {
    const Token *token = &r->lexer.token;
    Size size;
    if (token->kind == TOKEN_NUMBER)
        return size_const(read_integer(r, negative));
    if (at_word(r, "min") || at_word(r, "max")) {
        bool least = accept(r, "min") || !accept(r, "max");
        size = read_arguments(r, least);
    } else if (accept(r, "(")) {
        size = read_size(r);
        expect(r, ")");
    } else if (accept(r, "?")) {
        size = size_atom(read_free_atom(r, read_word(r)));
    } else if (token->kind == TOKEN_NAME && *token->start == '$') {
        size = read_view_axis(r);
    } else {
        size = read_size_value(r);
    }
    return negative ? size_neg(size) : size;
}

/* A divided size is negated as a whole; before, a minus goes with the first factor, which may be -2**63. */
static Size read_term(Reader *r, bool subtracted) {
    Size size = read_primary(r, accept(r, "-") != subtracted);
    for (;;) {
        bool divides = at_word(r, "//") || at_word(r, "%");
        if (divides && subtracted)
            size = size_neg(size);
        bool negate = divides && subtracted;
        if (accept(r, "*"))
            size = size_mul(size, read_primary(r, accept(r, "-")));
        else if (accept(r, "//"))
            size = size_floordiv(size, read_primary(r, accept(r, "-")));
        else if (accept(r, "%"))
            size = size_mod(size, read_primary(r, accept(r, "-")));
        else
            return size;
        if (negate)
            size = size_neg(size);
    }
}

Size read_size(Reader *r) {
    read_enter(r);
    Size size = read_term(r, false);
    while (at_word(r, "+") || at_word(r, "-")) {
        bool negative = accept(r, "-") || !accept(r, "+");
        size = size_add(size, read_term(r, negative));
    }
    read_leave(r);
    return size;
}

int read_sizes(Reader *r, const char *close, Size *sizes) {
    int count = 0;
    while (!accept(r, close)) {
        if (count)
            expect(r, ",");
        if (count == RANK_MAX)
            read_fail(r, "more than %d axes", RANK_MAX);
        sizes[count++] = read_size(r);
    }
    return count;
}
