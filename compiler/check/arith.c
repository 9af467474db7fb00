/* arith.c: operators: promotion (NEP 50), Python's int, broadcasting. */
#include "check/either.h"

#include <math.h>

bool constant_int(const TExpr *expr, int64_t *value) {
    return expr->size && size_is_const(expr->size, value);
}

int sign_of(Scope *s, Size size) {
    if (prove_ge(s->facts, size, size_const(1)) == PROVED)
        return 1;
    return prove_ge(s->facts, size_const(-1), size) == PROVED ? -1 : 0;
}

/* ---- broadcasting -------------------------------------------------------------------------- */

static bool is_one(Size size) {
    return size == size_const(1);
}

static bool broadcast_axis(Scope *s, Size *into, Size size, const TExpr *operand, Span span) {
    if (!*into || is_one(*into)) {
        *into = size;
        return true;
    }
    if (is_one(size) || *into == size)
        return true;
    Checker *c = s->checker;
    Size difference = size_sub(*into, size);
    if (surely_fails(s, prove_eq(s->facts, difference, size_const(0)))) {
        Diag *diag = diag_error(span, DIAG_SHAPE_MISMATCH, "sizes %s and %s do not broadcast",
                                size_print(c->arena, *into), size_print(c->arena, size));
        diag_note(diag, operand->span, "this is %s", type_print(c->arena, operand->type));
        diag_help(diag, "the sizes differ by %s", size_print(c->arena, difference));
        return false;
    }
    require_equal(s, *into, size, "BROADCAST", "shapes of the operands", span);
    return true;
}

bool broadcast(Scope *s, TExpr **operands, int count, int *rank, Size *shape, Span span) {
    *rank = 0;
    for (int i = 0; i < count; i++)
        if (operands[i]->type->kind == TYPE_ARRAY && operands[i]->type->rank > *rank)
            *rank = operands[i]->type->rank;
    for (int axis = 0; axis < *rank; axis++)
        shape[axis] = NULL;
    for (int i = 0; i < count; i++) {
        const Type *type = operands[i]->type;
        for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
            if (!broadcast_axis(s, &shape[*rank - type->rank + axis], type->shape[axis],
                                operands[i], span))
                return false;
    }
    return true;
}

/* ---- promotion ----------------------------------------------------------------------------- */

/* The common dtype of operands; weak if all are. */
static DType promote(TExpr **operands, int count, bool *weak) {
    DType result = DTYPE_BOOL;
    bool strong = false, any_weak = false;
    DTypeClass weak_class = CLASS_BOOL;
    for (int i = 0; i < count; i++) {
        const Type *type = operands[i]->type;
        if (type->kind == TYPE_SCALAR && type->weak) {
            DTypeClass class = dtype_info(type->dtype)->class;
            weak_class = !any_weak || class > weak_class ? class : weak_class;
            any_weak = true;
        } else if (!strong) {
            result = type->dtype;
            strong = true;
        } else {
            result = dtype_promote(result, type->dtype);
        }
    }
    *weak = !strong;
    if (!strong)
        return weak_class == CLASS_COMPLEX ? DTYPE_C128
               : weak_class == CLASS_FLOAT ? DTYPE_F64
               : weak_class == CLASS_INT   ? DTYPE_I64
                                           : DTYPE_BOOL;
    return any_weak ? dtype_promote_weak(result, weak_class) : result;
}

static bool operands_are_numbers(Scope *s, TExpr **operands, int count, const char *text,
                                 Span span) {
    for (int i = 0; i < count; i++) {
        if (is_poison(operands[i]))
            return false;
        if (!type_is_number(operands[i]->type)) {
            Arena *arena = s->checker->arena;
            const char *own = type_print(arena, operands[i]->type);
            Diag *diag = count == 2 ? diag_error(span, DIAG_BAD_OPERANDS, "'%s' does not take %s and %s", text,
                                                 type_print(arena, operands[0]->type), type_print(arena, operands[1]->type))
                                    : diag_error(span, DIAG_BAD_OPERANDS, "'%s' does not take %s", text, own);
            diag_note(diag, operands[i]->span, "this is %s", own);
            return false;
        }
    }
    return true;
}

static bool not_defined(Op op, const char *operands, Span span) {
    diag_error(span, DIAG_BAD_OPERANDS, "'%s' is not defined for %s", op_info(op)->text, operands);
    return false;
}

/* The float dtype in which NumPy computes; false where that is float16. */
static bool float_dtype(DType dtype, bool weak, DType *result, Span span) {
    const DTypeInfo *info = dtype_info(dtype);
    if (info->class >= CLASS_FLOAT)
        *result = dtype;
    else
        *result = !weak && info->bytes == 2 ? DTYPE_F32 : DTYPE_F64;
    if (info->class >= CLASS_FLOAT || weak || info->bytes > 1)
        return true;
    diag_unsupported(span, "float16, NumPy's result for this dtype",
                     "an .astype(np.float32) or .astype(np.float64) of the operand");
    return false;
}

/* Arithmetic of bools: Python's are ints; what NumPy has of its own goes through int8. */
static bool bool_arithmetic(Op op, bool weak, DType *operand, DType *result, Span span) {
    bool none = op == OP_SUB || op == OP_NEG || op == OP_SIGN || op == OP_POSITIVE;
    bool narrow = op == OP_POW || op == OP_FLOORDIV || op == OP_MOD || op == OP_FMOD || op == OP_SQUARE ||
                  op == OP_RECIPROCAL || op == OP_CONJ;
    if (weak)
        *operand = *result = DTYPE_I64;
    else if (none)
        return not_defined(op, "bool arrays", span);
    else if (narrow)
        *operand = *result = DTYPE_I8;
    return true;
}

/* The dtype in which the operation is done, and that of its result. */
static bool op_dtypes(Op op, DType common, bool weak, DType *operand, DType *result,
                      Span span) {
    *operand = *result = common;
    DTypeClass class = dtype_info(common)->class;
    bool ordering = op == OP_LT || op == OP_LE || op == OP_GT || op == OP_GE;
    if (class == CLASS_COMPLEX && ((op_info(op)->flags & REAL) || (weak && ordering)))
        return not_defined(op, "complex numbers", span);
    switch (op_info(op)->rule) {
    case RULE_ARITH:
        return class != CLASS_BOOL || bool_arithmetic(op, weak, operand, result, span);
    case RULE_REAL:
        if (class == CLASS_BOOL && weak)
            *operand = DTYPE_I64;
        *result = dtype_real(*operand);
        return true;
    case RULE_DIVIDE:
        if (class < CLASS_FLOAT)
            *operand = *result = DTYPE_F64;
        return true;
    case RULE_FLOAT_POWER:
        *operand = *result = class == CLASS_COMPLEX ? DTYPE_C128 : DTYPE_F64;
        return true;
    case RULE_FLOAT: case RULE_LDEXP:
        if (!float_dtype(common, weak, operand, span))
            return false;
        *result = *operand;
        return true;
    case RULE_SIGNBIT: case RULE_EXPONENT:
        *result = op_info(op)->rule == RULE_SIGNBIT ? DTYPE_BOOL : DTYPE_I32;
        return float_dtype(common, weak, operand, span);
    case RULE_BITS: case RULE_INTS: case RULE_COUNT:
        if (class == CLASS_FLOAT)
            return not_defined(op, "floats", span);
        if (class == CLASS_BOOL && weak && op == OP_INVERT)
            *operand = *result = DTYPE_I64;
        if (class == CLASS_BOOL && op_info(op)->rule != RULE_BITS)
            *operand = *result = weak ? DTYPE_I64 : DTYPE_I8;
        if (op_info(op)->rule == RULE_COUNT)
            *result = DTYPE_U8;
        return true;
    case RULE_COMPARE:
        *result = DTYPE_BOOL;
        return true;
    case RULE_LOGIC:
        *operand = *result = DTYPE_BOOL;
        return true;
    case RULE_TEST:
        *result = DTYPE_BOOL;
        return true;
    case RULE_SELECT: case RULE_CAST: case RULE_ROUND:
        return true;
    }
    return true;
}

enum { WEIGHT_MAX = 80 };

static Size fold_size(Op op, Size a, Size b) {
    int64_t divisor;
    switch ((int)op) {
    case OP_ADD: return size_add(a, b);
    case OP_SUB: return size_sub(a, b);
    case OP_MUL: return size_mul(a, b);
    case OP_NEG: return size_neg(a);
    case OP_MINIMUM: return size_min(a, b);
    case OP_MAXIMUM: return size_max(a, b);
    case OP_FLOORDIV: return size_is_const(b, &divisor) && divisor != 0 ? size_floordiv(a, b) : NULL;
    case OP_MOD: return size_is_const(b, &divisor) && divisor != 0 ? size_mod(a, b) : NULL;
    default: return NULL;
    }
}

/* An int result's polynomial: the operation's where that is one and of a sensible length, else a fresh atom. */
static void give_size(Scope *s, TExpr *expr, Op op, TExpr **operands) {
    int arity = op_info(op)->arity;
    if (!type_is_python_int(expr->type))
        return;
    Size a = operands[0]->size, b = arity > 1 ? operands[1]->size : a;
    expr->size = a && b ? fold_size(op, a, b) : NULL;
    if (!expr->size && a && b && (op == OP_FLOORDIV || op == OP_MOD) &&
        prove_ge(s->facts, b, size_const(1)) == PROVED)
        expr->size = op == OP_MOD ? size_mod(a, b) : size_floordiv(a, b);
    if (!expr->size || size_weight(expr->size) > WEIGHT_MAX)
        expr->size = size_fresh("value");
}

/* ---- variables that loops promote ----------------------------------------------------------- */

const Type *first_type(const TExpr *value) {
    const Type *was = value->kind == TEXPR_VARIABLE ? value->as.variable->was : value->was;
    return was ? was : value->type;
}

void forgive(const TExpr *value, bool same_dtype) {
    const Type *was = first_type(value);
    if (was == value->type || (same_dtype && was->dtype != value->type->dtype))
        return;
    if (value->kind == TEXPR_VARIABLE)
        value->as.variable->reads--;
    for (const Doubt *doubt = value->doubts; doubt; doubt = doubt->next)
        doubt->variable->reads--;
}

static void add_doubt(Scope *s, TExpr *expr, Variable *variable) {
    Doubt *doubt = ARENA_NEW(s->checker->arena, Doubt);
    *doubt = (Doubt){variable, expr->doubts};
    expr->doubts = doubt;
}

/* Python's float and NumPy's give the same bits, and neither fails. */
static bool is_blind(Op op, TExpr **operands) {
    bool divides = op == OP_DIV && operands[1]->kind == TEXPR_CONST && operands[1]->type->dtype == DTYPE_F64 &&
                   operands[1]->as.constant.f != 0;
    return op == OP_ADD || op == OP_SUB || op == OP_MUL || op == OP_NEG || divides;
}

/* Where the operation gives the same with the types that its operands had at first, they may be read. Where only a float
 * is Python's instead of NumPy's, whoever reads the result decides. */
static void settle_doubts(Scope *s, TExpr *expr, TExpr **operands, int count, Op op, DType common, bool weak) {
    TExpr firsts[3], *first[3];
    bool doubted = false, was_weak;
    for (int i = 0; i < count; i++) {
        firsts[i] = *operands[i];
        firsts[i].type = first_type(operands[i]);
        first[i] = &firsts[i];
        doubted |= firsts[i].type != operands[i]->type;
    }
    if (!doubted)
        return;
    DType dtype = promote(first, count, &was_weak);
    bool same = op_info(op)->rule == RULE_COMPARE || (dtype == common && was_weak == weak);
    bool later = !same && dtype == DTYPE_F64 && common == DTYPE_F64 && expr->type->kind == TYPE_SCALAR &&
                 is_blind(op, operands);
    expr->was = later ? type_scalar(s->checker, dtype, was_weak) : NULL;
    for (int i = 0; i < count; i++) {
        if (same)
            forgive(operands[i], false);
        if (later && operands[i]->kind == TEXPR_VARIABLE && operands[i]->as.variable->was)
            add_doubt(s, expr, operands[i]->as.variable);
        for (const Doubt *doubt = operands[i]->doubts; later && doubt; doubt = doubt->next)
            add_doubt(s, expr, doubt->variable);
    }
}

/* Comparisons never fail: where Python's int may not fit the dtype, both are compared as i64. */
static void widen_comparison(Scope *s, TExpr **operands, DType *dtype) {
    for (int i = 0; i < 2; i++)
        if (type_is_python_int(operands[i]->type) && dtype_is_integer(*dtype) && !int_fits(s, operands[i]->size, *dtype))
            *dtype = DTYPE_I64;
}

static bool is_signed(const TExpr *operand) {
    return dtype_info(operand->type->dtype)->class == CLASS_INT;
}

/* The operand, 0 or 1, that is signed and may be negative where the other is a u64; -1: no such pair. */
static int signed_beside_u64(Scope *s, TExpr **operands) {
    for (int i = 0; i < 2; i++)
        if (is_signed(operands[i]) && operands[1 - i]->type->dtype == DTYPE_U64 &&
            !(type_is_python_int(operands[i]->type) && int_fits(s, operands[i]->size, DTYPE_U64)))
            return i;
    return -1;
}

/* A comparison of signed numbers with a u64, which no dtype holds both of: by the sign, then as u64. */
static TExpr *compare_with_u64(Scope *s, Op op, TExpr **operands, int which, Span span) {
    TExpr *number = texpr_once(s, texpr_cast(s, operands[which], DTYPE_I64, false)), *zero = texpr_int(s, 0, span);
    bool lower = which ? op == OP_GT || op == OP_GE : op == OP_LT || op == OP_LE;
    bool holds = lower || op == OP_NE;      /* for negative ones */
    TExpr *sign[] = {number, texpr_cast(s, zero, DTYPE_I64, false)}, *pair[2];
    pair[which] = texpr_cast(s, number, DTYPE_U64, false);
    pair[1 - which] = operands[1 - which];
    TExpr *parts[] = {make_op(s, holds ? OP_LT : OP_GE, sign, span), make_op(s, op, pair, span)};
    return make_op(s, holds ? OP_LOGICAL_OR : OP_LOGICAL_AND, parts, span);
}

static bool float_holds(Scope *s, const TExpr *value) {
    Size limit = size_const(INT64_C(1) << 53), size = value->size;
    return prove_ge(s->facts, limit, size) == PROVED && prove_ge(s->facts, size_add(limit, size), size_const(0)) == PROVED;
}

/* NumPy's functions of floats take the smallest float that holds each operand: of u16 and i8 f32, not what their
 * common integer asks for. */
static DType common_of_floats(TExpr **operands, DType common) {
    int bytes = 0;
    for (int i = 0; i < 2; i++) {
        const Type *type = operands[i]->type;
        if (dtype_info(type->dtype)->class >= CLASS_FLOAT || (type->kind == TYPE_SCALAR && type->weak))
            return common;
        bytes = dtype_info(type->dtype)->bytes > bytes ? dtype_info(type->dtype)->bytes : bytes;
    }
    return bytes > 2 ? common : bytes == 2 ? DTYPE_U16 : DTYPE_U8;
}

/* A float beside which an int that it does not hold exactly compares as its rounding does. */
static bool is_small_constant(const TExpr *value) {
    double constant = value->as.constant.f;
    return value->kind == TEXPR_CONST && dtype_is_float(value->type->dtype) && !(fabs(constant) >= 0x1p53 && isfinite(constant));
}

/* Python compares an int with a float, and divides two ints, as exact numbers. */
static void require_exact(Scope *s, TExpr *expr, TExpr **operands) {
    Op op = expr->as.op.op;
    bool left = type_is_python_int(operands[0]->type), right = type_is_python_int(operands[1]->type);
    bool ints = !dtype_is_float(operands[0]->type->dtype) && !dtype_is_float(operands[1]->type->dtype);
    if (op_info(op)->rule == RULE_COMPARE && left != right) {
        TExpr *integer = operands[left ? 0 : 1], *other = operands[left ? 1 : 0];
        expr->as.op.exact = !float_holds(s, integer) && !is_small_constant(other);
    }
    for (int i = 0; i < 2 && op == OP_DIV && ints; i++)
        if (type_is_python_int(operands[i]->type) && expr->as.op.operands[i]->kind == TEXPR_CAST &&
            !float_holds(s, operands[i]))
            expr->as.op.operands[i]->as.cast.exact = true;
}

/* A comparison of two constants, as in `a.ndim == 1`: its branches are chosen before the program runs. */
static TExpr *known_comparison(Scope *s, Op op, TExpr **operands, Span span) {
    int64_t a, b;
    if (op_info(op)->rule != RULE_COMPARE || operands[0]->kind != TEXPR_CONST || operands[1]->kind != TEXPR_CONST ||
        !constant_int(operands[0], &a) || !constant_int(operands[1], &b))
        return NULL;
    Scalar values[] = {{.i = a}, {.i = b}};
    return texpr_bool(s, op_evaluate(op, DTYPE_I64, DTYPE_BOOL, values).i != 0, span);
}

/* Whether the left scalar fits the dtype is asked when the right one is there, too. */
static void ask_behind_both(Scope *s, TExpr **operands) {
    TExpr *left = operands[0], *right = operands[1];
    if (left->kind != TEXPR_CAST || !left->checks || left->type->kind != TYPE_SCALAR || right->kind == TEXPR_CONST ||
        right->kind == TEXPR_VARIABLE || right->type->kind != TYPE_SCALAR)
        return;
    TExpr *behind = texpr_new(s, TEXPR_CAST, right->span, right->type);
    behind->as.cast.value = right;
    behind->checks = left->checks;
    left->checks = NULL;
    operands[1] = behind;
}

TExpr *make_op(Scope *s, Op op, TExpr **operands, Span span) {
    int arity = op_info(op)->arity, rank;
    bool weak;
    DType operand, result;
    Size shape[TYPED_RANK_MAX];
    TExpr *decayed[3];
    for (int i = 0; i < arity; i++)
        decayed[i] = texpr_decay(s, operands[i]);
    operands = decayed;
    if (!operands_are_numbers(s, operands, arity, op_info(op)->text, span))
        return texpr_poison(s, span);
    int first = op == OP_SELECT;
    DType common = promote(operands + first, op == OP_LDEXP ? 1 : arity - first, &weak);
    if (op_info(op)->rule == RULE_FLOAT && arity == 2)
        common = common_of_floats(operands, common);
    bool compared = op_info(op)->rule == RULE_COMPARE && !weak;
    if (compared && signed_beside_u64(s, operands) >= 0)
        return compare_with_u64(s, op, operands, signed_beside_u64(s, operands), span);
    if (weak && op == OP_DIV && common == DTYPE_C128)
        op = OP_PYTHON_DIV;
    if (!op_dtypes(op, common, weak, &operand, &result, span) ||
        !broadcast(s, operands, arity, &rank, shape, span))
        return texpr_poison(s, span);
    if (compared)
        widen_comparison(s, operands, &operand);
    TExpr *known = weak ? known_comparison(s, op, operands, span) : NULL;
    if (known)
        return known;
    const Type *type = type_scalar(s->checker, result, weak);
    if (rank)
        type = type_array(s->checker, result, rank, shape, true);
    TExpr *expr = texpr_new(s, TEXPR_OP, span, type);
    expr->as.op.op = op;
    expr->as.op.python = weak;
    settle_doubts(s, expr, operands + first, arity - first, op, common, weak);
    for (int i = 0; i < arity; i++)
        expr->as.op.operands[i] =
            i < first                  ? texpr_truth(s, operands[i])
            : op == OP_LDEXP && i == 1 ? texpr_cast(s, operands[i], DTYPE_I64, false)
                                       : texpr_cast(s, operands[i], operand, weak);
    if (weak && arity == 2 && operand == DTYPE_F64)
        require_exact(s, expr, operands);
    give_size(s, expr, op, expr->as.op.operands);
    if (arity == 2)
        ask_behind_both(s, expr->as.op.operands);
    return expr;
}

TExpr *make_extreme(Scope *s, Op op, TExpr *left, TExpr *right, Span span) {
    TExpr *operands[] = {left, right};
    return make_op(s, op, operands, span);
}

/* ---- operators of the source --------------------------------------------------------------- */

/* The axes in front of the last two of both operands, broadcast; how many there are. */
static int batch_axes(Scope *s, const Type *a, const Type *b, Size *shape, Span span) {
    int of_a = a->rank > 2 ? a->rank - 2 : 0, of_b = b->rank > 2 ? b->rank - 2 : 0, rank = of_a > of_b ? of_a : of_b;
    for (int axis = 0; axis < rank; axis++) {
        int i = axis - (rank - of_a), k = axis - (rank - of_b);
        Size x = i < 0 ? size_const(1) : a->shape[i], y = k < 0 ? size_const(1) : b->shape[k];
        shape[axis] = x == size_const(1) ? y : x;
        if (x != y && x != size_const(1) && y != size_const(1))
            require_equal(s, x, y, "BROADCAST", "shapes of '@'", span);
    }
    return rank;
}

static TExpr *check_matmul(Scope *s, TExpr *left, TExpr *right, Span span) {
    TExpr *operands[] = {left, right};
    if (!operands_are_numbers(s, operands, 2, "@", span))
        return texpr_poison(s, span);
    const Type *a = left->type, *b = right->type;
    if (a->kind != TYPE_ARRAY || b->kind != TYPE_ARRAY || !a->rank || !b->rank) {
        diag_error(span, DIAG_BAD_OPERANDS, "'@' takes arrays of rank 1 or more, not %s and %s",
                   type_print(s->checker->arena, a), type_print(s->checker->arena, b));
        return texpr_poison(s, span);
    }
    bool weak;
    DType dtype = promote(operands, 2, &weak);
    require_equal(s, a->shape[a->rank - 1], b->shape[b->rank > 1 ? b->rank - 2 : 0], "BROADCAST", "inner sizes of '@'",
                  span);
    Size shape[TYPED_RANK_MAX + 1];
    int rank = batch_axes(s, a, b, shape, span);
    if (a->rank >= 2)
        shape[rank++] = a->shape[a->rank - 2];
    if (b->rank >= 2)
        shape[rank++] = b->shape[b->rank - 1];
    const Type *type = rank ? type_array(s->checker, dtype, rank, shape, true)
                            : type_scalar(s->checker, dtype, false);
    TExpr *expr = builtin_new(s, "np", "matmul", type, 2, span);
    expr->as.builtin.arguments[0] = texpr_cast(s, left, dtype, false);
    expr->as.builtin.arguments[1] = texpr_cast(s, right, dtype, false);
    return expr;
}

TExpr *check_dot(Scope *s, TExpr *left, TExpr *right, Span span) {
    const Type *a = left->type, *b = right->type;
    TExpr *operands[] = {left, right};
    if (is_poison(left) || is_poison(right))
        return texpr_poison(s, span);
    if (type_is_number(a) && type_is_number(b) &&
        (a->kind == TYPE_SCALAR || b->kind == TYPE_SCALAR || !a->rank || !b->rank))
        return make_op(s, OP_MUL, operands, span);
    if (a->kind == TYPE_ARRAY && b->kind == TYPE_ARRAY && b->rank > 2)
        return dot_of_many(s, left, right, span);
    return check_matmul(s, left, right, span);
}

static bool op_of_ast(AstOp op, Op *result) {
    static const int table[] = {
        [AST_OP_ADD] = OP_ADD, [AST_OP_SUB] = OP_SUB, [AST_OP_MUL] = OP_MUL, [AST_OP_DIV] = OP_DIV,
        [AST_OP_FLOORDIV] = OP_FLOORDIV, [AST_OP_MOD] = OP_MOD, [AST_OP_POW] = OP_POW,
        [AST_OP_MATMUL] = -1, [AST_OP_SHL] = OP_SHL, [AST_OP_SHR] = OP_SHR, [AST_OP_AND] = OP_AND,
        [AST_OP_OR] = OP_OR, [AST_OP_XOR] = OP_XOR, [AST_OP_POS] = -1, [AST_OP_NEG] = OP_NEG,
        [AST_OP_INVERT] = OP_INVERT, [AST_OP_NOT] = OP_NOT, [AST_OP_EQ] = OP_EQ,
        [AST_OP_NE] = OP_NE, [AST_OP_LT] = OP_LT, [AST_OP_LE] = OP_LE, [AST_OP_GT] = OP_GT,
        [AST_OP_GE] = OP_GE, [AST_OP_IN] = -1, [AST_OP_NOT_IN] = -1, [AST_OP_IS] = -1,
        [AST_OP_IS_NOT] = -1, [AST_OP_BOOL_AND] = -1, [AST_OP_BOOL_OR] = -1};
    if (table[op] < 0)
        return false;
    *result = (Op)table[op];
    return true;
}

static TExpr *check_power(Scope *s, TExpr *left, TExpr *right, Span span) {
    TExpr *operands[] = {left, right};
    bool base = left->type->kind == TYPE_SCALAR && left->type->weak &&
                dtype_info(left->type->dtype)->class < CLASS_FLOAT;
    if (base && type_is_python_int(right->type)) {
        Size zero = size_const(0);
        if (prove_lt(s->facts, right->size, zero) == PROVED) {
            operands[0] = texpr_cast(s, left, DTYPE_F64, true);
        } else if (prove_ge(s->facts, right->size, zero) != PROVED) {
            diag_unsupported(span, "an int to a power that may be negative", "float(a) ** b");
            return texpr_poison(s, span);
        }
    }
    return make_op(s, OP_POW, operands, span);
}

static bool is_scalar_of(const TExpr *value, DType dtype, bool weak) {
    return value->type->kind == TYPE_SCALAR && value->type->dtype == dtype && value->type->weak == weak;
}

TExpr *check_binary(Scope *s, AstOp ast_op, TExpr *left, TExpr *right, Span span) {
    Op op;
    if (is_poison(left) || is_poison(right))
        return texpr_poison(s, span);
    if (left->type->kind == TYPE_EITHER || right->type->kind == TYPE_EITHER)
        return either_binary(s, ast_op, left, right, span);
    /* complex takes what is a float, and np.float64 is one: Python's complex number comes out. */
    if (is_scalar_of(left, DTYPE_C128, true) && is_scalar_of(right, DTYPE_F64, false))
        right = texpr_cast(s, right, DTYPE_F64, true);
    TExpr *operands[] = {left, right};
    bool strings = left->type->kind == TYPE_STRING || right->type->kind == TYPE_STRING;
    TExpr *text = strings ? string_operation(s, ast_op, left, right, span) : NULL;
    if (text)
        return text;
    bool tuples = left->type->kind == TYPE_TUPLE || right->type->kind == TYPE_TUPLE;
    TExpr *longer = tuples ? tuple_operation(s, ast_op, left, right, span) : NULL;
    if (longer)
        return longer;
    bool lists = left->type->kind == TYPE_LIST || right->type->kind == TYPE_LIST;
    TExpr *joined = lists ? list_operation(s, ast_op, left, right, span) : NULL;
    if (joined)
        return joined;
    if (lists && (left->type->kind == TYPE_ARRAY || right->type->kind == TYPE_ARRAY)) {
        left = operands[0] = list_to_array(s, left, span);
        right = operands[1] = list_to_array(s, right, span);
    }
    if (ast_op == AST_OP_MATMUL)
        return check_matmul(s, left, right, span);
    if (ast_op == AST_OP_POW)
        return check_power(s, left, right, span);
    if (!op_of_ast(ast_op, &op))
        BUG("no operation for %s", ast_op_text(ast_op));
    return make_op(s, op, operands, span);
}
