/* polynomial.c: sizes as LLVM's integers. What varies over the lanes under way becomes a vector; scalars are computed
 * in front of the outermost loop in which they do not change (keep.c). */
#include "emit/emitter.h"

typedef struct {
    Emitter *e;
    bool varies;
} Varies;

static void note_varying(Atom *atom, void *user) {
    Varies *varies = user;
    Value *value = atom_value(atom);
    if (!value)
        return;
    LLVMValueRef llvm = varies->e->values[value->id].value;
    varies->varies |= value == varies->e->lane_iv || (llvm && is_vector(llvm));
}

bool size_varies(Emitter *e, Size size) {
    Varies varies = {e, false};
    if (e->width > 1)
        size_variables(size, note_varying, &varies);
    return varies.varies;
}

/* Python's floor division and remainder by machine instructions. */
LLVMValueRef floor_divide(Emitter *e, LLVMValueRef a, LLVMValueRef b, bool remainder) {
    LLVMBuilderRef builder = e->builder;
    unify(e, &a, &b);
    LLVMValueRef zero = LLVMConstNull(LLVMTypeOf(a));
    LLVMValueRef quotient = LLVMBuildSDiv(builder, a, b, "");
    LLVMValueRef rest = LLVMBuildSRem(builder, a, b, "");
    LLVMValueRef odd = LLVMBuildICmp(builder, LLVMIntNE, rest, zero, "");
    LLVMValueRef signs = LLVMBuildICmp(builder, LLVMIntSLT, LLVMBuildXor(builder, rest, b, ""), zero, "");
    LLVMValueRef adjust = LLVMBuildAnd(builder, odd, signs, "");
    if (remainder)
        return LLVMBuildSelect(builder, adjust, LLVMBuildAdd(builder, rest, b, ""), rest, "");
    LLVMValueRef one = LLVMBuildZExt(builder, adjust, LLVMTypeOf(a), "");
    return LLVMBuildSub(builder, quotient, one, "");
}

static LLVMValueRef divide_constant(Emitter *e, LLVMValueRef a, int64_t divisor, bool remainder) {
    if (divisor <= 0 || (divisor & (divisor - 1)))
        return floor_divide(e, a, int64(e, divisor), remainder);
    LLVMValueRef by = int64(e, remainder ? divisor - 1 : __builtin_ctzll((unsigned long long)divisor));
    unify(e, &a, &by);
    return remainder ? LLVMBuildAnd(e->builder, a, by, "") : LLVMBuildAShr(e->builder, a, by, "");
}

/* Neither is negative. */
static LLVMValueRef divide_natural(Emitter *e, LLVMValueRef a, LLVMValueRef b, bool remainder) {
    unify(e, &a, &b);
    return remainder ? LLVMBuildURem(e->builder, a, b, "") : LLVMBuildUDiv(e->builder, a, b, "");
}

static LLVMValueRef lane_numbers(Emitter *e) {
    LLVMValueRef lanes[EMIT_WIDTH_MAX];
    for (int i = 0; i < e->width; i++)
        lanes[i] = int64(e, i);
    return LLVMConstVector(lanes, (unsigned)e->width);
}

typedef struct {
    Emitter *e;
    LLVMValueRef overflow;     /* NULL: wrapping arithmetic */
} Arithmetic;

static LLVMValueRef poly(Arithmetic *a, Size size);

/* An operand: with overflow tests all of it is computed here. */
static LLVMValueRef part(Arithmetic *a, Size size) {
    return a->overflow ? poly(a, size) : emit_size(a->e, size);
}

static LLVMValueRef arithmetic(Arithmetic *a, char op, LLVMValueRef x, LLVMValueRef y) {
    LLVMBuilderRef builder = a->e->builder;
    unify(a->e, &x, &y);
    if (!a->overflow)
        return op == '+' ? LLVMBuildAdd(builder, x, y, "") : LLVMBuildMul(builder, x, y, "");
    LLVMValueRef arguments[] = {x, y};
    LLVMValueRef pair = intrinsic(a->e, op == '+'   ? "llvm.sadd.with.overflow"
                                        : op == '-' ? "llvm.ssub.with.overflow"
                                                    : "llvm.smul.with.overflow",
                                  LLVMTypeOf(x), arguments, 2);
    a->overflow = LLVMBuildOr(builder, a->overflow, LLVMBuildExtractValue(builder, pair, 1, ""), "");
    return LLVMBuildExtractValue(builder, pair, 0, "");
}

static LLVMValueRef extreme_atom(Arithmetic *a, const Atom *atom) {
    LLVMValueRef best = part(a, atom->args[0]);
    for (int i = 1; i < atom->arg_count; i++) {
        LLVMValueRef other = part(a, atom->args[i]);
        unify(a->e, &best, &other);
        LLVMValueRef arguments[] = {best, other};
        best = intrinsic(a->e, atom->kind == ATOM_MIN ? "llvm.smin" : "llvm.smax", LLVMTypeOf(best),
                         arguments, 2);
    }
    return best;
}

static LLVMValueRef variable(Emitter *e, const Value *value) {
    LLVMValueRef own = get(e, value).value;
    if (value != e->lane_iv || e->width == 1 || is_vector(own))
        return own;
    LLVMValueRef lanes = lane_numbers(e);
    unify(e, &own, &lanes);
    return LLVMBuildAdd(e->builder, own, lanes, "");
}

static LLVMValueRef atom_here(Arithmetic *a, const Atom *atom) {
    Emitter *e = a->e;
    int64_t divisor;
    Value *value = atom_value(atom);
    if (value)
        return variable(e, value);
    if (atom->kind == ATOM_MIN || atom->kind == ATOM_MAX)
        return extreme_atom(a, atom);
    if (atom->kind == ATOM_RAW)
        return arithmetic(a, atom->raw_op, part(a, atom->args[0]), part(a, atom->args[1]));
    if (atom->kind == ATOM_VAR)
        BUG("the size %s belongs to no value", atom->name);
    bool remainder = atom->kind == ATOM_MOD;
    if (atom->natural && !a->overflow)
        return divide_natural(e, part(a, atom->args[0]), part(a, atom->args[1]), remainder);
    if (size_is_const(atom->args[1], &divisor))
        return divide_constant(e, part(a, atom->args[0]), divisor, remainder);
    return floor_divide(e, part(a, atom->args[0]), part(a, atom->args[1]), remainder);
}

static LLVMValueRef term_here(Arithmetic *a, const SizeTerm *term, int64_t coefficient) {
    LLVMValueRef product = NULL;
    for (int i = 0; i < term->atom_count; i++) {
        Size size = size_atom(term->atoms[i]);
        bool kept = !a->overflow && size_moves_out(a->e, size);
        LLVMValueRef factor = kept ? emit_size(a->e, size) : atom_here(a, term->atoms[i]);
        product = product ? arithmetic(a, '*', product, factor) : factor;
    }
    if (!product)
        return int64(a->e, coefficient);
    return coefficient == 1 ? product : arithmetic(a, '*', product, int64(a->e, coefficient));
}

/* Positive terms first, the others taken from them: a negated -2**63 would not fit where a difference does. */
static LLVMValueRef poly_checked(Arithmetic *a, Size size) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    LLVMValueRef sum = NULL;
    for (int minus = 0; minus < 2; minus++)
        for (int i = 0; i < count; i++) {
            int64_t factor = terms[i].coefficient;
            bool takes = minus && factor != INT64_MIN;
            if ((factor < 0) != minus)
                continue;
            LLVMValueRef term = term_here(a, &terms[i], takes ? -factor : factor);
            sum = takes ? arithmetic(a, '-', sum ? sum : int64(a->e, 0), term)
                        : sum ? arithmetic(a, '+', sum, term) : term;
        }
    return sum ? sum : int64(a->e, 0);
}

static LLVMValueRef poly(Arithmetic *a, Size size) {
    if (a->overflow)
        return poly_checked(a, size);
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    LLVMValueRef sum = NULL;
    for (int i = 0; i < count; i++) {
        LLVMValueRef term = term_here(a, &terms[i], terms[i].coefficient);
        sum = sum ? arithmetic(a, '+', sum, term) : term;
    }
    return sum ? sum : int64(a->e, 0);
}

LLVMValueRef emit_size_here(Emitter *e, Size size) {
    Arithmetic a = {e, NULL};
    return poly(&a, size);
}

/* What does not vary is added up before it goes to all lanes. */
static LLVMValueRef lanes_of_size(Emitter *e, Size size) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    Size same = size_const(0), varying = size_const(0);
    for (int i = 0; i < count; i++) {
        Size term = size_of_term(&terms[i]);
        if (size_varies(e, term))
            varying = size_add(varying, term);
        else
            same = size_add(same, term);
    }
    LLVMValueRef sum = emit_size_here(e, varying), scalar = emit_size(e, same);
    unify(e, &sum, &scalar);
    return same == size_const(0) ? sum : LLVMBuildAdd(e->builder, sum, scalar, "");
}

LLVMValueRef emit_size(Emitter *e, Size size) {
    return size_varies(e, size) ? lanes_of_size(e, size) : emit_scalar_size(e, size);
}

LLVMValueRef emit_size_checked(Emitter *e, Size size, LLVMValueRef *overflow) {
    Arithmetic a = {e, LLVMConstInt(LLVMInt1TypeInContext(e->context), 0, false)};
    LLVMValueRef value = poly(&a, size);
    *overflow = a.overflow;
    return value;
}

LLVMValueRef emit_goal(Emitter *e, FactKind kind, Size size) {
    static const LLVMIntPredicate predicates[] = {LLVMIntSGE, LLVMIntEQ, LLVMIntNE};
    return LLVMBuildICmp(e->builder, predicates[kind], emit_size(e, size), int64(e, 0), "");
}
