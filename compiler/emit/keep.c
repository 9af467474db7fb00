/* keep.c: sizes and addresses in loops. Each is a sum; what of it does not change in a loop is added up once, right
 * before the loop's first round, and kept as long as the loop lasts. What moves by a constant distance from round to
 * round is carried from one to the next, so that an element's address is one kept pointer, one moving index and a
 * constant. LLVM finds nothing left to do, and does not have to look for it.
 *
 * A loop under way is a frame; `depth` of them are open. A value's depth is that of the place which defines it: it is
 * the same in all rounds of the frames from there on. */
#include "emit/emitter.h"

#include <limits.h>

/* A size, or a pointer to that element of an array, that was computed before a loop. */
typedef struct {
    const Value *array;        /* NULL: the size itself */
    Size size;
    LLVMValueRef value;
} Kept;

/* `factor` times the loop's variable. */
typedef struct {
    Size factor;
    LLVMValueRef value;        /* a phi */
    LLVMValueRef step;
} Moving;

struct LoopFrame {
    const Value *variable;     /* NULL: of a while loop */
    int64_t step;              /* 0: the variable does not move by a constant */
    LLVMValueRef first;
    LLVMBasicBlockRef enter, body;
    VEC(Kept) kept;
    VEC(Moving) moving;
};

/* ---- frames -------------------------------------------------------------------------------- */

void open_frame(Emitter *e, const Value *variable, int64_t step, LLVMValueRef first, LLVMBasicBlockRef body) {
    LoopFrame frame = {.variable = variable, .step = step, .first = first, .body = body};
    frame.enter = LLVMGetInsertBlock(e->builder);
    LLVMBuildBr(e->builder, body);
    if (e->depth == e->frames.count)
        VEC_PUSH(e->arena, e->frames, ARENA_ARRAY(e->arena, LoopFrame, 1));
    *e->frames.data[e->depth++] = frame;
}

void move_on(Emitter *e) {
    LoopFrame *frame = e->frames.data[e->depth - 1];
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    for (int i = 0; i < frame->moving.count; i++) {
        Moving *moving = &frame->moving.data[i];
        LLVMValueRef next = LLVMBuildAdd(e->builder, moving->value, moving->step, "");
        LLVMAddIncoming(moving->value, &next, &here, 1);
    }
}

void close_frame(Emitter *e) {
    e->depth--;
}

/* ---- depth --------------------------------------------------------------------------------- */

static int depth_of_size(Emitter *e, Size size);

/* A division stays behind the tests that see to its divisor. */
static int depth_of_atom(Emitter *e, const Atom *atom) {
    int deepest = 0;
    int64_t divisor;
    const Value *value = atom_value(atom);
    if (value)
        return e->values[value->id].depth;
    if ((atom->kind == ATOM_FLOORDIV || atom->kind == ATOM_MOD) && !size_is_const(atom->args[1], &divisor))
        return INT_MAX;
    for (int i = 0; i < atom->arg_count; i++) {
        int depth = depth_of_size(e, atom->args[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static int depth_of_term(Emitter *e, const SizeTerm *term) {
    int deepest = 0;
    for (int i = 0; i < term->atom_count; i++) {
        int depth = depth_of_atom(e, term->atoms[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

static int depth_of_size(Emitter *e, Size size) {
    const SizeTerm *terms;
    int deepest = 0, count = size_terms(size, &terms);
    for (int i = 0; i < count; i++) {
        int depth = depth_of_term(e, &terms[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest;
}

bool size_moves_out(Emitter *e, Size size) {
    return depth_of_size(e, size) < e->depth && !size_varies(e, size);
}

Size size_of_term(const SizeTerm *term) {
    Size product = size_const(term->coefficient);
    for (int i = 0; i < term->atom_count; i++)
        product = size_mul(product, size_atom(term->atoms[i]));
    return product;
}

/* A size as a sum: what changes in the innermost loop, what does not, and the constant. */
typedef struct {
    Size own, outer;
    int64_t constant;
} Split;

static Split split_size(Emitter *e, Size size) {
    const SizeTerm *terms;
    int count = size_terms(size, &terms);
    Split split = {size_const(0), size_const(0), 0};
    for (int i = 0; i < count; i++)
        if (!terms[i].atom_count)
            split.constant = terms[i].coefficient;
        else if (depth_of_term(e, &terms[i]) < e->depth)
            split.outer = size_add(split.outer, size_of_term(&terms[i]));
        else
            split.own = size_add(split.own, size_of_term(&terms[i]));
    return split;
}

/* ---- what is kept -------------------------------------------------------------------------- */

static LLVMValueRef scalar_here(Emitter *e, Size size);
static LLVMValueRef pointer_here(Emitter *e, const Value *array, Size size);

static LLVMValueRef find_kept(const LoopFrame *frame, const Value *array, Size size) {
    for (int i = 0; i < frame->kept.count; i++)
        if (frame->kept.data[i].size == size && frame->kept.data[i].array == array)
            return frame->kept.data[i].value;
    return NULL;
}

/* To the end of a block: entries already lead on to their loops. */
static void position(Emitter *e, LLVMBasicBlockRef block) {
    LLVMValueRef last = LLVMGetBasicBlockTerminator(block);
    LLVMMetadataRef location = LLVMGetCurrentDebugLocation2(e->builder);
    if (last)
        LLVMPositionBuilderBefore(e->builder, last);
    else
        LLVMPositionBuilderAtEnd(e->builder, block);
    LLVMSetCurrentDebugLocation2(e->builder, location);
}

/* Before the first round of a frame's loop. */
static LLVMValueRef keep(Emitter *e, int depth, const Value *array, Size size) {
    LoopFrame *frame = e->frames.data[depth];
    LLVMValueRef value = find_kept(frame, array, size);
    if (value)
        return value;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    int outer = e->depth;
    e->depth = depth;
    position(e, frame->enter);
    value = array ? pointer_here(e, array, size) : scalar_here(e, size);
    position(e, here);
    e->depth = outer;
    VEC_PUSH(e->arena, frame->kept, ((Kept){array, size, value}));
    return value;
}

/* ---- what moves ---------------------------------------------------------------------------- */

static LLVMValueRef moving_index(Emitter *e, LoopFrame *frame, Size factor) {
    for (int i = 0; i < frame->moving.count; i++)
        if (frame->moving.data[i].factor == factor)
            return frame->moving.data[i].value;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder);
    LLVMMetadataRef location = LLVMGetCurrentDebugLocation2(e->builder);
    position(e, frame->enter);
    e->depth--;
    LLVMValueRef first = LLVMBuildMul(e->builder, emit_scalar_size(e, factor), frame->first, "");
    LLVMValueRef step = emit_scalar_size(e, size_scale(factor, frame->step));
    e->depth++;
    LLVMPositionBuilderBefore(e->builder, LLVMGetFirstInstruction(frame->body));
    LLVMSetCurrentDebugLocation2(e->builder, location);
    LLVMValueRef value = LLVMBuildPhi(e->builder, LLVMInt64TypeInContext(e->context), "");
    LLVMAddIncoming(value, &first, &frame->enter, 1);
    position(e, here);
    VEC_PUSH(e->arena, frame->moving, ((Moving){factor, value, step}));
    return value;
}

/* A sum of terms that change in the innermost loop. */
static LLVMValueRef own_terms(Emitter *e, Size size) {
    Size factor, rest;
    LoopFrame *frame = e->depth ? e->frames.data[e->depth - 1] : NULL;
    bool affine = frame && frame->step && frame->variable->atom &&
                  size_affine_in(size, frame->variable->atom, &factor, &rest);
    if (!affine || factor == size_const(0) || factor == size_const(1) || !size_moves_out(e, factor))
        return emit_size_here(e, size);
    LLVMValueRef index = moving_index(e, frame, factor);
    return rest == size_const(0) ? index : LLVMBuildAdd(e->builder, index, emit_size_here(e, rest), "");
}

/* ---- sizes and addresses ------------------------------------------------------------------- */

static LLVMValueRef scalar_here(Emitter *e, Size size) {
    Split split = split_size(e, size);
    LLVMValueRef sum = split.own == size_const(0) ? NULL : own_terms(e, split.own);
    if (split.outer != size_const(0)) {
        LLVMValueRef outer = emit_scalar_size(e, split.outer);
        sum = sum ? LLVMBuildAdd(e->builder, outer, sum, "") : outer;
    }
    if (!sum)
        return int64(e, split.constant);
    return split.constant ? LLVMBuildAdd(e->builder, sum, int64(e, split.constant), "") : sum;
}

LLVMValueRef emit_scalar_size(Emitter *e, Size size) {
    int64_t constant;
    int depth = depth_of_size(e, size);
    if (size_is_const(size, &constant))
        return int64(e, constant);
    return depth < e->depth ? keep(e, depth, NULL, size) : scalar_here(e, size);
}

static LLVMValueRef pointer_plus(Emitter *e, const Value *array, LLVMValueRef pointer, LLVMValueRef offset) {
    return LLVMBuildGEP2(e->builder, memory_type(e, array->dtype), pointer, &offset, 1, "");
}

static LLVMValueRef pointer_at(Emitter *e, const Value *array, Size size) {
    int depth = depth_of_size(e, size), of_array = e->values[array->id].depth;
    depth = of_array > depth ? of_array : depth;
    return depth < e->depth ? keep(e, depth, array, size) : pointer_here(e, array, size);
}

static LLVMValueRef pointer_here(Emitter *e, const Value *array, Size size) {
    LLVMValueRef data = get(e, array).value;
    if (size == size_const(0))
        return data;
    if (e->values[array->id].depth >= e->depth)
        return pointer_plus(e, array, data, emit_scalar_size(e, size));
    Split split = split_size(e, size);
    LLVMValueRef base = pointer_at(e, array, split.outer);
    return split.own == size_const(0) ? base : pointer_plus(e, array, base, own_terms(e, split.own));
}

LLVMValueRef emit_element(Emitter *e, const Value *array, Size offset) {
    int width = e->width;
    Size constant = size_const(split_size(e, offset).constant);
    e->width = 1;   /* the variable of lanes is that of the first one */
    LLVMValueRef pointer = pointer_at(e, array, size_sub(offset, constant));
    if (constant != size_const(0))
        pointer = pointer_plus(e, array, pointer, emit_scalar_size(e, constant));
    e->width = width;
    return pointer;
}
