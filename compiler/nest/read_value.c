/* read_value.c: names, types and expressions of the text form. */
#include "nest/read.h"

#include <math.h>
#include <stdlib.h>

/* ---- names --------------------------------------------------------------------------------- */

static Binding *find_slot(const Reader *r, Name name) {
    size_t slot = ((uintptr_t)name >> 4) * 11400714819323198485ull >> 32;
    for (;; slot++) {
        Binding *binding = &r->bindings[slot & (size_t)(r->binding_slots - 1)];
        if (!binding->name || binding->name == name)
            return binding;
    }
}

static void grow_table(Reader *r) {
    Binding *old = r->bindings;
    int count = r->binding_slots;
    r->binding_slots = count ? count * 2 : 256;
    r->bindings = ARENA_ARRAY(r->arena, Binding, r->binding_slots);
    for (int i = 0; i < count; i++)
        if (old[i].name)
            *find_slot(r, old[i].name) = old[i];
}

void bind_name(Reader *r, Name name, Value *value) {
    if (r->binding_count * 2 >= r->binding_slots)
        grow_table(r);
    Binding *binding = find_slot(r, name);
    if (binding->name)
        read_fail(r, "%s is defined twice", name);
    *binding = (Binding){name, value};
    r->binding_count++;
}

void forget_names(Reader *r) {
    if (r->binding_slots)
        memset(r->bindings, 0, sizeof(Binding) * (size_t)r->binding_slots);
    r->binding_count = 0;
}

/* A name with its number, as it is spelled. */
static Name spelling(Reader *r) {
    const Token *token = &r->lexer.token;
    if (token->kind != TOKEN_NAME)
        read_fail(r, "expected a name, found `%.*s`", token->length > 60 ? 60 : token->length, token->start);
    return name_intern(token->start, (size_t)(r->lexer.at - token->start));
}

static Value *make_value(Reader *r, int64_t number) {
    Value *value = value_new(r->module, VALUE_SCALAR, DTYPE_I64, NULL);
    VEC_PUSH(r->arena, r->values, value);
    VEC_PUSH(r->arena, r->wanted, number);
    return value;
}

Value *define_value(Reader *r) {
    Name name = spelling(r);
    const Token *token = &r->lexer.token;
    if (*name == '$' || (token->number < 0 && text_is_reserved(name)))
        read_fail(r, "%s is a word of the language", name);
    Value *value = make_value(r, token->number);
    if (token->length)
        value->name = name_intern(token->start, (size_t)token->length);
    bind_name(r, name, value);
    lex_next(r);
    return value;
}

void define_values(Reader *r, Values *values, const char *end) {
    Lexer start = r->lexer;
    int depth = 0;
    bool first = !at_word(r, end);
    while (r->lexer.token.kind != TOKEN_END && r->lexer.token.kind != TOKEN_LINE_END) {
        if (first) {
            values_add(r->arena, values, define_value(r));
            expect(r, ":");
        }
        if (depth == 0 && at_word(r, end))
            break;
        first = depth == 0 && at_word(r, ",");
        depth += (at_word(r, "(") || at_word(r, "[")) - (at_word(r, ")") || at_word(r, "]"));
        lex_next(r);
    }
    r->lexer = start;
}

Value *read_value(Reader *r) {
    Name name = spelling(r);
    Binding *binding = r->binding_slots ? find_slot(r, name) : NULL;
    if (!binding || !binding->name)
        read_fail(r, "nothing is called %.60s", name);
    lex_next(r);
    return binding->value;
}

Atom *read_free_atom(Reader *r, Name name) {
    for (int i = 0; i < r->free_atoms.count; i++)
        if (r->free_atoms.data[i]->name == name)
            return r->free_atoms.data[i];
    Atom *atom = atom_var(name);
    VEC_PUSH(r->arena, r->free_atoms, atom);
    return atom;
}

void number_values(Reader *r) {
    int64_t top = 0;
    for (int i = 0; i < r->wanted.count; i++)
        top = r->wanted.data[i] >= top ? r->wanted.data[i] + 1 : top;
    bool *taken = ARENA_ARRAY(r->arena, bool, top + 1);
    for (int i = 0; i < r->wanted.count; i++) {
        int64_t number = r->wanted.data[i];
        if (number >= 0 && taken[number])
            read_fail(r, "two values have the number %lld", (long long)number);
        if (number >= 0)
            taken[number] = true;
        r->values.data[i]->id = (uint32_t)(number >= 0 ? number : top++);
    }
    r->module->value_count = (uint32_t)top;
}

/* ---- types --------------------------------------------------------------------------------- */

static DType read_dtype(Reader *r) {
    DType dtype;
    Name name = read_word(r);
    if (!dtype_by_name(name, &dtype))
        read_fail(r, "no dtype is called %.60s", name);
    return dtype;
}

void read_type(Reader *r, Value *value) {
    if (accept(r, "ptr")) {
        value->kind = VALUE_POINTER;
        value->dtype = DTYPE_U8;
        return;
    }
    bool owned = accept(r, "owned");
    value->dtype = read_dtype(r);
    if (!accept(r, "[")) {
        if (owned)
            read_fail(r, "only arrays own their memory");
        return;
    }
    value->kind = VALUE_ARRAY;
    value->owned = owned;
    value->rank = read_sizes(r, "]", value->shape);
    build_contiguous(value->rank, value->shape, value->stride);
    if (!accept(r, "strides"))
        return;
    expect(r, "(");
    if (read_sizes(r, ")", value->stride) != value->rank)
        read_fail(r, "as many strides as axes");
}

/* ---- literals ------------------------------------------------------------------------------ */

static Value *add_result(Reader *r, Node *node, ValueKind kind, DType dtype) {
    Value *value = make_value(r, -1);
    value->kind = kind;
    value->dtype = dtype;
    value->node = node;
    values_add(r->arena, &node->results, value);
    return value;
}

static Value *make_constant(Reader *r, DType dtype, Scalar scalar) {
    Node *node = node_new(&r->b, NODE_CONST);
    node->as.constant.value = scalar;
    Value *value = add_result(r, node, VALUE_SCALAR, dtype);
    if (dtype == DTYPE_I64)
        value->size = size_const(scalar.i);
    return value;
}

static double read_nan(Reader *r) {
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    double value;
    if (accept(r, "(")) {
        char digits[24], *end;
        snprintf(digits, sizeof digits, "%.*s", r->lexer.token.length, r->lexer.token.start);
        bits = strtoull(digits, &end, 16);
        if (r->lexer.token.kind != TOKEN_NUMBER || *end)
            read_fail(r, "expected the bits of a nan");
        lex_next(r);
        expect(r, ")");
    }
    memcpy(&value, &bits, sizeof value);
    if (!isnan(value))
        read_fail(r, "the bits are no nan");
    return value;
}

static double read_float(Reader *r, bool negative) {
    const Token *token = &r->lexer.token;
    char digits[64], *end;
    if (accept(r, "nan"))
        return read_nan(r);
    if (accept(r, "inf"))
        return negative ? -INFINITY : INFINITY;
    snprintf(digits, sizeof digits, "%s%.*s", negative ? "-" : "", token->length > 60 ? 60 : token->length,
             token->start);
    double value = strtod(digits, &end);
    if (token->kind != TOKEN_NUMBER || *end)
        read_fail(r, "expected a number");
    lex_next(r);
    return value;
}

/* True if the number at hand is written as a float. */
static bool at_float(const Reader *r) {
    const Token *token = &r->lexer.token;
    return at_word(r, "inf") || at_word(r, "nan") ||
           (token->kind == TOKEN_NUMBER && (memchr(token->start, '.', (size_t)token->length) ||
                                            memchr(token->start, 'e', (size_t)token->length)));
}

static Value *read_number(Reader *r) {
    bool negative = accept(r, "-");
    if (at_float(r))
        return make_constant(r, DTYPE_F64, (Scalar){.f = read_float(r, negative)});
    return make_constant(r, DTYPE_I64, (Scalar){.i = read_integer(r, negative)});
}

/* `u8(3)` */
static Value *read_typed_number(Reader *r) {
    Scalar scalar = {.re = 0, .im = 0};
    DType dtype = read_dtype(r);
    expect(r, "(");
    bool negative = accept(r, "-");
    if (dtype_is_float(dtype_real(dtype)))
        scalar.f = read_float(r, negative);
    else
        scalar.i = read_integer(r, negative);
    if (dtype_is_complex(dtype)) {
        expect(r, ",");
        negative = accept(r, "-");
        scalar.im = read_float(r, negative);
    }
    if (dtype == DTYPE_BOOL)
        read_fail(r, "a bool is True or False");
    expect(r, ")");
    return make_constant(r, dtype, scalar);
}

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Value *read_string(Reader *r) {
    const Token *token = &r->lexer.token;
    const char *from = token->start + 1, *end = token->start + token->length - 1;
    char *bytes = arena_alloc(r->arena, (size_t)token->length), *to = bytes;
    while (from < end) {
        if (*from != '\\') {
            *to++ = *from++;
        } else if (end - from >= 4 && from[1] == 'x' && hex_digit(from[2]) >= 0 && hex_digit(from[3]) >= 0) {
            *to++ = (char)(hex_digit(from[2]) * 16 + hex_digit(from[3]));
            from += 4;
        } else if (end - from >= 2 && (from[1] == '"' || from[1] == '\\')) {
            *to++ = from[1];
            from += 2;
        } else {
            read_fail(r, "not an escape of strings");
        }
    }
    Node *node = node_new(&r->b, NODE_STRING);
    node->as.string.data = bytes;
    node->as.string.length = (size_t)(to - bytes);
    lex_next(r);
    return add_result(r, node, VALUE_POINTER, DTYPE_U8);
}

/* ---- expressions --------------------------------------------------------------------------- */

static Value *make_let(Reader *r, Op op, Value *const *operands, DType dtype) {
    Node *node = node_new(&r->b, NODE_LET);
    node->as.let.op = op;
    memcpy(node->as.let.operands, operands, sizeof(Value *) * (size_t)op_info(op)->arity);
    return add_result(r, node, VALUE_SCALAR, dtype);
}

static Value *read_operation(Reader *r, Op op) {
    Value *operands[OPERANDS_MAX] = {NULL};
    int arity = op_info(op)->arity;
    expect(r, "(");
    for (int i = 0; i < arity; i++) {
        if (i)
            expect(r, ",");
        operands[i] = read_expression(r);
    }
    DType dtype = text_result_dtype(op, operands);
    if (op == OP_CAST) {
        expect(r, ",");
        dtype = read_dtype(r);
    }
    expect(r, ")");
    return make_let(r, op, operands, dtype);
}

static Value *read_size_expression(Reader *r) {
    expect(r, "(");
    Size size = read_size(r);
    expect(r, ")");
    Node *node = node_new(&r->b, NODE_SIZE);
    node->as.size.size = size;
    Value *value = add_result(r, node, VALUE_SCALAR, DTYPE_I64);
    value->size = size;
    return value;
}

static Value *read_load(Reader *r, Value *array) {
    Size index[RANK_MAX];
    int count = read_sizes(r, "]", index);
    if (array->kind != VALUE_ARRAY || count != array->rank)
        read_fail(r, "%d indices for %d axes", count, array->rank);
    Node *node = node_new(&r->b, NODE_LOAD);
    node->as.load.array = array;
    memcpy(node->as.load.index, index, sizeof(Size) * (size_t)count);
    return add_result(r, node, VALUE_SCALAR, array->dtype);
}

/* The operation that the word or sign at hand names. */
static bool at_operation(Reader *r, Op *op) {
    const Token *token = &r->lexer.token;
    return ((token->kind == TOKEN_NAME && token->number < 0) || token->kind == TOKEN_SIGN) &&
           op_by_text(name_intern(token->start, (size_t)token->length), op);
}

static Value *read_named(Reader *r) {
    Op op;
    DType dtype;
    const Token *token = &r->lexer.token;
    if (accept(r, "True"))
        return make_constant(r, DTYPE_BOOL, (Scalar){.i = 1});
    if (accept(r, "False"))
        return make_constant(r, DTYPE_BOOL, (Scalar){.i = 0});
    if (accept(r, "size"))
        return read_size_expression(r);
    if (token->number < 0 && dtype_by_name(name_intern(token->start, (size_t)token->length), &dtype))
        return read_typed_number(r);
    if (at_operation(r, &op)) {
        lex_next(r);
        return read_operation(r, op);
    }
    Value *value = read_value(r);
    return accept(r, "[") ? read_load(r, value) : value;
}

static Value *read_operand(Reader *r) {
    Op op;
    if (accept(r, "(")) {
        Value *value = read_expression(r);
        expect(r, ")");
        return value;
    }
    if (r->lexer.token.kind == TOKEN_STRING)
        return read_string(r);
    if (r->lexer.token.kind == TOKEN_NUMBER || at_word(r, "-") || at_float(r))
        return read_number(r);
    if (r->lexer.token.kind == TOKEN_SIGN && at_operation(r, &op) && !text_is_infix(op)) {
        lex_next(r);
        return read_operation(r, op);
    }
    return read_named(r);
}

Value *read_expression(Reader *r) {
    Op op;
    read_enter(r);
    Value *left = read_operand(r);
    if (at_operation(r, &op) && text_is_infix(op)) {
        lex_next(r);
        Value *right = read_operand(r);
        left = make_let(r, op, (Value *[]){left, right}, text_result_dtype(op, (Value *[]){left, right}));
        if (at_operation(r, &op) && text_is_infix(op))
            read_fail(r, "parentheses say which operation comes first");
    }
    read_leave(r);
    return left;
}

void read_expressions(Reader *r, Values *values) {
    do
        values_add(r->arena, values, read_expression(r));
    while (accept(r, ","));
}

void read_result(Reader *r, Value *result) {
    Node *last = r->b.region->last;
    Value *value = read_expression(r);
    Node *node = r->b.region->last;
    if (node == last || !result || value->node != node)
        read_fail(r, "expected an operation with one result");
    if (result->kind != value->kind || (node->kind != NODE_LET && result->dtype != value->dtype))
        read_fail(r, "the value is of another type");
    node->results.data[0] = result;
    result->node = node;
    result->size = value->size;
}
