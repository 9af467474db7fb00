/* narrow.c: ints that are made of narrow elements are computed in 32 bits, where everything on the way fits them, so that
 * lanes are twice as many and quotients cheap:
 *
 *   x: i64 = cast(a[i], i64);  r[i] = cast(size((x * y) // 255), u8)
 *   ->  x: i32 = cast(a[i], i32);  r[i] = cast(cast(x * y, u32) // 255, u8)
 *
 * Only what becomes a narrow element or a float in the end: nobody sees the 64 bits. Needs checks (no check reads the
 * wide int any more) and common; simplify removes the wide ints. */
#include "analysis/analysis.h"
#include "passes/passes.h"

static const int64_t LIMIT = INT64_C(1) << 31;

/* ---- do 32 bits do ------------------------------------------------------------------------- */

/* The narrow element that an int is made of; NULL: it is none. */
static Value *narrow_source(const Atom *atom) {
    const Value *value = atom_value(atom);
    const Node *node = value && !value->is_head && !value->is_iv ? value->node : NULL;
    if (!node || node->kind != NODE_LET || node->as.let.op != OP_CAST)
        return NULL;
    const DTypeInfo *from = dtype_info(node->as.let.operands[0]->dtype);
    return from->bytes <= 2 && (from->class == CLASS_INT || from->class == CLASS_UINT) ? node->as.let.operands[0] : NULL;
}

static bool is_quotient(const Atom *atom, int64_t *divisor) {
    return atom->kind == ATOM_FLOORDIV && size_is_const(atom->args[1], divisor) && *divisor > 0 && *divisor < LIMIT;
}

static int64_t magnitude(Size size);

/* The largest absolute value; LIMIT: it may be too large, or it is made of something else. */
static int64_t atom_magnitude(const Atom *atom) {
    const Value *source = narrow_source(atom);
    int64_t divisor;
    if (source)
        return INT64_C(1) << (8 * dtype_info(source->dtype)->bytes - (dtype_info(source->dtype)->class == CLASS_INT));
    return is_quotient(atom, &divisor) ? magnitude(atom->args[0]) : LIMIT;
}

static int64_t magnitude(Size size) {
    const SizeTerm *terms;
    int64_t sum = 0;
    for (int i = 0, count = size_terms(size, &terms); i < count; i++) {
        int64_t product = terms[i].coefficient;
        if (product <= -LIMIT || product >= LIMIT)
            return LIMIT;
        product = product < 0 ? -product : product;
        for (int k = 0; k < terms[i].atom_count; k++) {
            int64_t factor = atom_magnitude(terms[i].atoms[k]);
            if (factor >= LIMIT || product * factor >= LIMIT)
                return LIMIT;
            product *= factor;
        }
        sum += product;
        if (sum >= LIMIT)
            return LIMIT;
    }
    return sum;
}

/* ---- in 32 bits ---------------------------------------------------------------------------- */

static Value *constant(Builder *b, DType dtype, int64_t value) {
    return build_const(b, dtype, (Scalar){.i = value});
}

static Value *narrow_size(Builder *b, Facts *facts, Size size);

/* What is never negative divides without a sign. */
static Value *narrow_quotient(Builder *b, Facts *facts, Size numerator, int64_t divisor) {
    Value *value = narrow_size(b, facts, numerator);
    if (!prove_at_corners(facts, numerator))
        return build_let(b, OP_FLOORDIV, DTYPE_I32, value, constant(b, DTYPE_I32, divisor), NULL);
    Value *plain = build_let(b, OP_CAST, DTYPE_U32, value, NULL, NULL);
    plain = build_let(b, OP_FLOORDIV, DTYPE_U32, plain, constant(b, DTYPE_U32, divisor), NULL);
    return build_let(b, OP_CAST, DTYPE_I32, plain, NULL, NULL);
}

static Value *narrow_term(Builder *b, Facts *facts, const SizeTerm *term) {
    Value *product = NULL;
    for (int k = 0; k < term->atom_count; k++) {
        Value *source = narrow_source(term->atoms[k]), *factor;
        int64_t divisor;
        if (source)
            factor = build_let(b, OP_CAST, DTYPE_I32, source, NULL, NULL);
        else if (is_quotient(term->atoms[k], &divisor))
            factor = narrow_quotient(b, facts, term->atoms[k]->args[0], divisor);
        else
            BUG("an int that is not narrow");
        product = product ? build_let(b, OP_MUL, DTYPE_I32, product, factor, NULL) : factor;
    }
    if (!product)
        return constant(b, DTYPE_I32, term->coefficient);
    return term->coefficient == 1
               ? product
               : build_let(b, OP_MUL, DTYPE_I32, product, constant(b, DTYPE_I32, term->coefficient), NULL);
}

/* r + p // d as (p + d * r) // d, where that is never negative and p may be; NULL: it is not of that kind. */
static Value *join_quotient(Builder *b, Facts *facts, Size size) {
    const SizeTerm *terms;
    for (int i = 0, count = size_terms(size, &terms); i < count && count > 1; i++) {
        int64_t divisor;
        const Atom *atom = terms[i].atom_count == 1 && terms[i].coefficient == 1 ? terms[i].atoms[0] : NULL;
        if (!atom || !is_quotient(atom, &divisor) || prove_at_corners(facts, atom->args[0]))
            continue;
        Size rest = size_sub(size, size_atom((Atom *)atom));
        Size joined = size_add(atom->args[0], size_scale(rest, divisor));
        if (magnitude(joined) < LIMIT && prove_at_corners(facts, joined))
            return narrow_quotient(b, facts, joined, divisor);
    }
    return NULL;
}

static Value *narrow_size(Builder *b, Facts *facts, Size size) {
    const SizeTerm *terms;
    Value *sum = join_quotient(b, facts, size);
    for (int i = 0, count = sum ? 0 : size_terms(size, &terms); i < count; i++) {
        Value *term = narrow_term(b, facts, &terms[i]);
        sum = sum ? build_let(b, OP_ADD, DTYPE_I32, sum, term, NULL) : term;
    }
    return sum ? sum : constant(b, DTYPE_I32, 0);
}

/* ---- the pass ------------------------------------------------------------------------------ */

static bool is_narrow_result(DType dtype) {
    const DTypeInfo *info = dtype_info(dtype);
    return info->class == CLASS_FLOAT || ((info->class == CLASS_INT || info->class == CLASS_UINT) && info->bytes <= 4);
}

static void narrow(Node *cast, Facts *facts) {
    Value *wide = cast->as.let.operands[0], *result = cast->results.data[0];
    int64_t value;
    if (wide->dtype != DTYPE_I64 || !wide->size || size_is_const(wide->size, &value) || !is_narrow_result(result->dtype) ||
        magnitude(wide->size) >= LIMIT)
        return;
    Builder b = {cast->region->function, cast->region, cast, cast->span};
    Value *small = narrow_size(&b, facts, wide->size);
    cast->as.let.operands[0] = small;
}

static void visit(Region *region, Facts *facts, bool in_loop) {
    for (Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (in_loop && node->kind == NODE_LET && node->as.let.op == OP_CAST)
            narrow(node, facts);
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            visit(regions[i], facts_inside(facts, node, regions[i]), in_loop || node->kind == NODE_FOR);
        facts = facts_after(facts, node);
    }
}

void pass_narrow(Module *module, const PassContext *context) {
    (void)context;
    for (Function *function = module->functions; function; function = function->next)
        visit(function->body, function->facts, false);
}
