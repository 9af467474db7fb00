/* function.c: regions, control flow and exits of one function. */
#include "emit/emitter.h"

#include <stdlib.h>

LLVMBasicBlockRef new_block(Emitter *e, const char *name) {
    return LLVMAppendBasicBlockInContext(e->context, e->llvm_function, name);
}

void start_block(Emitter *e, LLVMBasicBlockRef block) {
    LLVMPositionBuilderAtEnd(e->builder, block);
}

static bool terminated(Emitter *e) {
    return LLVMGetBasicBlockTerminator(LLVMGetInsertBlock(e->builder)) != NULL;
}

static void branch_to(Emitter *e, LLVMBasicBlockRef block) {
    if (!terminated(e))
        LLVMBuildBr(e->builder, block);
}

/* ---- ownership ----------------------------------------------------------------------------- */

void emit_releases(Emitter *e, int down_to) {
    for (int i = e->owned.count - 1; i >= down_to; i--) {
        LLVMValueRef owner = get(e, e->owned.data[i].array).owner;
        call_abi(e, "mnp_release", &owner, 1);
    }
}

static void own_results(Emitter *e, const Values *values) {
    for (int i = 0; i < values->count; i++)
        if (values->data[i]->kind == VALUE_ARRAY && values->data[i]->owned)
            VEC_PUSH(e->arena, e->owned, ((Owned){values->data[i], NULL}));
}

/* Ends a region: what it owned is given back. */
static void close_region(Emitter *e, int owned) {
    if (!terminated(e))
        emit_releases(e, owned);
    e->owned.count = owned;
}

/* ---- failure ------------------------------------------------------------------------------- */

/* As a traceback calls the function that holds the code of a file. */
static const char *function_of(const Emitter *e, const SourceFile *file) {
    const Function *function = e->function;
    return file->call.file ? file->function : function->shown ? function->shown : function->name;
}

/* "path:line:column" and the function, for the innermost call and those around it that are no more; functions of the
 * library are left out, their caller is where the error is. */
LLVMValueRef place_string(Emitter *e, Span span) {
    const char *text = "";
    for (const SourceFile *file = source_file(span.file); file; span = file->call, file = source_file(span.file)) {
        int line, column;
        source_place(span, &line, &column);
        if (!file->library)
            text = arena_printf(e->arena, "%s%s:%d:%d\t%s\n", text, file->path, line, column, function_of(e, file));
    }
    return LLVMBuildGlobalStringPtr(e->builder, text, "place");
}

/* The block that gives back the first `count` owned values and fails: all failures share it. */
static LLVMBasicBlockRef failure_block(Emitter *e, int count) {
    bool ours = count > e->owned_outside;
    LLVMBasicBlockRef *known = ours ? &e->owned.data[count - 1].failure : &e->failure;
    if (*known)
        return *known;
    LLVMBasicBlockRef here = LLVMGetInsertBlock(e->builder), block = new_block(e, "failed");
    *known = block;
    start_block(e, block);
    if (ours) {
        LLVMValueRef owner = get(e, e->owned.data[count - 1].array).owner;
        call_abi(e, "mnp_release", &owner, 1);
        LLVMBasicBlockRef next = failure_block(e, count - 1);
        LLVMBuildBr(e->builder, next);
    } else {
        LLVMBuildRet(e->builder, LLVMConstInt(LLVMInt32TypeInContext(e->context), 1, false));
    }
    start_block(e, here);
    return block;
}

void emit_failure_exit(Emitter *e) {
    LLVMBuildBr(e->builder, failure_block(e, e->owned.count));
}

void fail_if(Emitter *e, LLVMValueRef failed, void (*fill)(Emitter *e, const void *user),
             const void *user) {
    LLVMBasicBlockRef bad = new_block(e, "fail"), good = new_block(e, "ok");
    LLVMValueRef branch = LLVMBuildCondBr(e->builder, failed, bad, good);
    LLVMMetadataRef weights[] = {
        LLVMMDStringInContext2(e->context, "branch_weights", 14),
        LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(e->context), 1, false)),
        LLVMValueAsMetadata(LLVMConstInt(LLVMInt32TypeInContext(e->context), 1000000, false))};
    LLVMSetMetadata(branch, LLVMGetMDKindIDInContext(e->context, "prof", 4),
                    LLVMMetadataAsValue(e->context, LLVMMDNodeInContext2(e->context, weights, 3)));
    start_block(e, bad);
    int depth = e->depth;
    e->depth = 0;   /* nothing is computed before a loop for a failure */
    fill(e, user);
    emit_failure_exit(e);
    e->depth = depth;
    start_block(e, good);
}

static void fill_check(Emitter *e, const void *user) {
    const Node *node = user;
    LLVMValueRef arguments[5] = {int64(e, node->as.check.failure)};
    for (int i = 0; i < 3; i++)
        arguments[i + 1] = node->as.check.values[i] ? emit_size(e, node->as.check.values[i]) : int64(e, 0);
    arguments[4] = place_string(e, node->span);
    call_abi(e, "mnp_fail", arguments, 5);
}

static LLVMValueRef check_failed(Emitter *e, const Node *node) {
    LLVMBuilderRef b = e->builder;
    LLVMValueRef overflow, bound_overflow, value;
    if (node->as.check.kind == CHECK_TRUE)
        return LLVMBuildNot(b, get(e, node->as.check.cond).value, "");
    value = emit_size_checked(e, node->as.check.size, &overflow);
    switch (node->as.check.kind) {
    case CHECK_GE: value = LLVMBuildICmp(b, LLVMIntSLT, value, int64(e, 0), ""); break;
    case CHECK_EQ: value = LLVMBuildICmp(b, LLVMIntNE, value, int64(e, 0), ""); break;
    case CHECK_NE: value = LLVMBuildICmp(b, LLVMIntEQ, value, int64(e, 0), ""); break;
    case CHECK_FITS: return overflow;
    case CHECK_INDEX: {
        LLVMValueRef n = emit_size_checked(e, node->as.check.bound, &bound_overflow);
        LLVMValueRef shifted = LLVMBuildAdd(b, value, n, "");
        LLVMValueRef low = LLVMBuildICmp(b, LLVMIntSLT, shifted, int64(e, 0), "");
        LLVMValueRef high = LLVMBuildICmp(b, LLVMIntSGE, value, n, "");
        value = LLVMBuildOr(b, low, high, "");
        break;
    }
    case CHECK_TRUE: break;
    }
    return LLVMBuildOr(b, value, overflow, "");
}

/* ---- slots: where values of loops and branches meet ---------------------------------------- */

static LLVMTypeRef slot_type(Emitter *e, const Value *value, bool vector) {
    if (value->kind != VALUE_SCALAR)
        return LLVMPointerTypeInContext(e->context, 0);
    LLVMTypeRef type = type_of(e, value->dtype);
    return vector ? vector_of(e, type) : type;
}

/* Two slots a value: the second is an array's owner. */
static LLVMValueRef *make_slots(Emitter *e, const Values *values, bool vector) {
    LLVMValueRef *slots = ARENA_ARRAY(e->arena, LLVMValueRef, 2 * values->count + 1);
    for (int i = 0; i < values->count; i++) {
        slots[2 * i] = stack_slot(e, slot_type(e, values->data[i], vector), "carried");
        if (values->data[i]->kind == VALUE_ARRAY)
            slots[2 * i + 1] = stack_slot(e, LLVMPointerTypeInContext(e->context, 0), "owner");
    }
    return slots;
}

LLVMValueRef scalar_value(Emitter *e, const Value *value) {
    if (value == e->lane_iv && e->width > 1)
        return emit_size(e, value_size((Value *)value));
    return get(e, value).value;
}

static void store_slots(Emitter *e, LLVMValueRef *slots, const Values *values, bool vector) {
    LLVMValueRef *loaded = ARENA_ARRAY(e->arena, LLVMValueRef, values->count + 1);
    LLVMValueRef *owners = ARENA_ARRAY(e->arena, LLVMValueRef, values->count + 1);
    for (int i = 0; i < values->count; i++) {
        bool array = values->data[i]->kind == VALUE_ARRAY;
        loaded[i] = array ? get(e, values->data[i]).value : scalar_value(e, values->data[i]);
        owners[i] = array ? get(e, values->data[i]).owner : NULL;
        if (vector && values->data[i]->kind == VALUE_SCALAR)
            loaded[i] = splat(e, loaded[i]);
    }
    for (int i = 0; i < values->count; i++) {
        LLVMBuildStore(e->builder, loaded[i], slots[2 * i]);
        if (owners[i])
            LLVMBuildStore(e->builder, owners[i], slots[2 * i + 1]);
    }
}

static void load_slots(Emitter *e, LLVMValueRef *slots, const Values *values, bool vector) {
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0);
    for (int i = 0; i < values->count; i++) {
        LLVMTypeRef type = slot_type(e, values->data[i], vector);
        LLVMValueRef value = LLVMBuildLoad2(e->builder, type, slots[2 * i], ""), owner = NULL;
        if (values->data[i]->kind == VALUE_ARRAY)
            owner = LLVMBuildLoad2(e->builder, pointer, slots[2 * i + 1], "");
        set(e, values->data[i], value, owner);
    }
}

/* ---- loops --------------------------------------------------------------------------------- */

/* The lanes' smallest lower and largest upper bound: by tests of the first and last lane, whatever
 * way the bound moves. */
static LLVMValueRef lanes_extreme(Emitter *e, LLVMValueRef bound, bool smallest) {
    if (!is_vector(bound))
        return bound;
    const char *name = smallest ? "llvm.vector.reduce.smin" : "llvm.vector.reduce.smax";
    return intrinsic(e, name, LLVMTypeOf(bound), &bound, 1);
}

static LLVMValueRef any_lane(Emitter *e, LLVMValueRef mask) {
    return intrinsic(e, "llvm.vector.reduce.or", LLVMTypeOf(mask), &mask, 1);
}

static LLVMValueRef mask_and(Emitter *e, LLVMValueRef a, LLVMValueRef b) {
    return a && b ? LLVMBuildAnd(e->builder, a, b, "") : a ? a : b;
}

/* Lanes that are off keep the head's value. */
static void blend_yields(Emitter *e, LLVMValueRef on, const Values *yields, const Values *heads,
                         LLVMValueRef *slots) {
    LLVMValueRef *blended = ARENA_ARRAY(e->arena, LLVMValueRef, yields->count + 1);
    for (int i = 0; i < yields->count; i++) {
        LLVMValueRef fresh = splat(e, scalar_value(e, yields->data[i]));
        LLVMValueRef old = splat(e, get(e, heads->data[i]).value);
        blended[i] = select_value(e, on, fresh, old);
    }
    for (int i = 0; i < yields->count; i++)
        LLVMBuildStore(e->builder, blended[i], slots[2 * i]);
}

typedef struct {
    LLVMValueRef lo, hi;
    LLVMValueRef lane_lo, lane_hi;   /* vectors where the bounds vary over the lanes */
} Range;

static Range loop_range(Emitter *e, const Node *node) {
    Range range = {.lo = emit_size(e, node->as.loop.lo), .hi = emit_size(e, node->as.loop.hi)};
    if (is_vector(range.lo) || is_vector(range.hi)) {
        range.lane_lo = splat(e, range.lo);
        range.lane_hi = splat(e, range.hi);
        range.lo = lanes_extreme(e, range.lo, true);
        range.hi = lanes_extreme(e, range.hi, false);
    }
    return range;
}

static LLVMValueRef lane_in_range(Emitter *e, const Range *range, LLVMValueRef iv) {
    LLVMValueRef at = splat(e, iv);
    LLVMValueRef low = LLVMBuildICmp(e->builder, LLVMIntSLE, range->lane_lo, at, "");
    LLVMValueRef high = LLVMBuildICmp(e->builder, LLVMIntSLT, at, range->lane_hi, "");
    return LLVMBuildAnd(e->builder, low, high, "");
}

/* A body under a mask: skipped where no lane is on. */
static void emit_masked_body(Emitter *e, const Node *node, const Range *range, LLVMValueRef iv,
                             LLVMValueRef *slots, LLVMBasicBlockRef latch) {
    LLVMValueRef outer = e->mask, on = mask_and(e, outer, lane_in_range(e, range, iv));
    LLVMBasicBlockRef run = new_block(e, "lanes");
    LLVMBuildCondBr(e->builder, any_lane(e, on), run, latch);
    start_block(e, run);
    e->mask = on;
    emit_region(e, node->as.loop.body);
    if (!terminated(e))
        blend_yields(e, on, &node->as.loop.body->yields, &node->as.loop.heads, slots);
    e->mask = outer;
}

static void emit_loop_body(Emitter *e, const Node *node, const Range *range, LLVMValueRef iv,
                           LLVMValueRef *slots, LLVMBasicBlockRef latch, bool vector) {
    int owned = e->owned.count;
    load_slots(e, slots, &node->as.loop.heads, vector);
    own_results(e, &node->as.loop.heads);
    if (range->lane_lo) {
        emit_masked_body(e, node, range, iv, slots, latch);
    } else {
        LLVMValueRef outer = e->mask;
        if (node->as.loop.masked) {
            LLVMValueRef lanes = emit_size(e, value_size(node->as.loop.iv));
            e->mask = mask_and(e, outer, LLVMBuildICmp(e->builder, LLVMIntSLT, lanes, splat(e, range->hi), ""));
        }
        emit_region(e, node->as.loop.body);
        if (!terminated(e))
            store_slots(e, slots, &node->as.loop.body->yields, vector);
        e->mask = outer;
    }
    close_region(e, owned);
    branch_to(e, latch);
}

/* A distinct loop id says so. */
void keep_rolled(Emitter *e, LLVMValueRef branch) {
    static const char name[] = "llvm.loop.unroll.disable", kind[] = "llvm.loop";
    LLVMMetadataRef text = LLVMMDStringInContext2(e->context, name, sizeof name - 1);
    LLVMMetadataRef disable = LLVMMDNodeInContext2(e->context, &text, 1);
    LLVMMetadataRef self = LLVMTemporaryMDNode(e->context, NULL, 0), operands[] = {self, disable};
    LLVMMetadataRef id = LLVMMDNodeInContext2(e->context, operands, 2);
    LLVMMetadataReplaceAllUsesWith(self, id);
    LLVMSetMetadata(branch, LLVMGetMDKindIDInContext(e->context, kind, sizeof kind - 1),
                    LLVMMetadataAsValue(e->context, id));
}

/* The masked rest of a vector loop: fewer rounds than lanes. */
static bool runs_once(const Node *loop) {
    Size rounds = size_sub(loop->as.loop.hi, loop->as.loop.lo);
    return loop->as.loop.masked && prove_ge(NULL, size_const(loop->as.loop.step), rounds) == PROVED;
}

/* Loops are rotated: tested once before, then after each round. */
static void emit_for(Emitter *e, const Node *node) {
    int outer_width = e->width;
    const Value *outer_lane = e->lane_iv;
    Range range = loop_range(e, node);
    bool vector = outer_width > 1;
    LLVMValueRef *slots = make_slots(e, &node->as.loop.heads, vector);
    LLVMValueRef counter = stack_slot(e, LLVMInt64TypeInContext(e->context), node->as.loop.label);
    LLVMBasicBlockRef enter = new_block(e, "enter"), body = new_block(e, "loop"), latch = new_block(e, "next"),
                      after = new_block(e, "done");
    store_slots(e, slots, &node->as.loop.init, vector);
    LLVMBuildStore(e->builder, range.lo, counter);
    LLVMBuildCondBr(e->builder, LLVMBuildICmp(e->builder, LLVMIntSLT, range.lo, range.hi, ""), enter, after);
    start_block(e, enter);
    open_frame(e, node->as.loop.iv, node->as.loop.overlapped ? 0 : node->as.loop.step, range.lo, body);
    start_block(e, body);
    LLVMValueRef count = LLVMBuildLoad2(e->builder, LLVMInt64TypeInContext(e->context), counter, ""), iv = count;
    if (node->as.loop.overlapped) {
        LLVMValueRef last = LLVMBuildNSWSub(e->builder, range.hi, int64(e, node->as.loop.step), "");
        LLVMValueRef bases[] = {count, last};
        iv = intrinsic(e, "llvm.smin", LLVMTypeOf(count), bases, 2);
    }
    ExitFrame frame = {node, after, latch, slots, slots, e->owned.count, e->exits};
    e->exits = &frame;
    if (node->as.loop.width > 1) {
        e->width = node->as.loop.width;
        e->lane_iv = node->as.loop.iv;
        value_size(node->as.loop.iv);
    }
    set(e, node->as.loop.iv, iv, NULL);
    emit_loop_body(e, node, &range, iv, slots, latch, vector);
    e->width = outer_width;
    e->lane_iv = outer_lane;
    e->exits = frame.outer;
    start_block(e, latch);
    move_on(e);
    close_frame(e);
    LLVMValueRef next = LLVMBuildNSWAdd(e->builder, count, int64(e, node->as.loop.step), "");
    LLVMBuildStore(e->builder, next, counter);
    LLVMValueRef again = runs_once(node) ? LLVMConstInt(LLVMInt1TypeInContext(e->context), 0, false)
                                         : LLVMBuildICmp(e->builder, LLVMIntSLT, next, range.hi, "");
    LLVMValueRef branch = LLVMBuildCondBr(e->builder, again, body, after);
    if (is_scheduled_loop(node))
        keep_rolled(e, branch);
    start_block(e, after);
    load_slots(e, slots, &node->results, vector);
    own_results(e, &node->results);
}

static void emit_while(Emitter *e, const Node *node) {
    LLVMValueRef *slots = make_slots(e, &node->as.whilst.heads, false);
    LLVMValueRef *after_slots = make_slots(e, &node->results, false);
    LLVMBasicBlockRef enter = new_block(e, "enter"), head = new_block(e, "head"), body = new_block(e, "loop"),
                      left = new_block(e, "left"), after = new_block(e, "done");
    store_slots(e, slots, &node->as.whilst.init, false);
    LLVMBuildBr(e->builder, enter);
    start_block(e, enter);
    open_frame(e, NULL, 0, NULL, head);
    start_block(e, head);
    int owned = e->owned.count;
    load_slots(e, slots, &node->as.whilst.heads, false);
    own_results(e, &node->as.whilst.heads);
    int head_owned = e->owned.count;
    emit_region(e, node->as.whilst.head);
    LLVMValueRef test = get(e, node->as.whilst.test).value;
    emit_releases(e, head_owned);
    e->owned.count = head_owned;
    LLVMBuildCondBr(e->builder, test, body, left);
    start_block(e, left);
    store_slots(e, after_slots, &node->as.whilst.heads, false);
    LLVMBuildBr(e->builder, after);
    start_block(e, body);
    ExitFrame frame = {node, after, head, after_slots, slots, owned, e->exits};
    e->exits = &frame;
    emit_region(e, node->as.whilst.body);
    e->exits = frame.outer;
    if (!terminated(e))
        store_slots(e, slots, &node->as.whilst.body->yields, false);
    close_region(e, owned);
    branch_to(e, head);
    close_frame(e);
    start_block(e, after);
    load_slots(e, after_slots, &node->results, false);
    own_results(e, &node->results);
}

/* ---- branches ------------------------------------------------------------------------------ */

static void emit_side(Emitter *e, LLVMBasicBlockRef block, const Region *region, LLVMValueRef *slots,
                      LLVMBasicBlockRef after, bool vector) {
    int owned = e->owned.count;
    start_block(e, block);
    emit_region(e, region);
    if (!terminated(e))
        store_slots(e, slots, &region->yields, vector);
    close_region(e, owned);
    branch_to(e, after);
}

static void emit_choice(Emitter *e, const Node *node, LLVMValueRef test, const Region *then,
                        const Region *otherwise) {
    bool vector = e->width > 1;
    LLVMValueRef *slots = make_slots(e, &node->results, vector);
    LLVMBasicBlockRef yes = new_block(e, "then"), no = new_block(e, "else"), after = new_block(e, "join");
    LLVMBuildCondBr(e->builder, test, yes, no);
    emit_side(e, yes, then, slots, after, vector);
    emit_side(e, no, otherwise, slots, after, vector);
    start_block(e, after);
    load_slots(e, slots, &node->results, vector);
    own_results(e, &node->results);
}

/* Few enough operations to do them for lanes that are all off. */
static bool is_short(const Region *region) {
    int count = 0;
    for (const Node *node = region->first; node; node = node->next, count++) {
        Region *regions[2];
        bool costly = node->kind == NODE_LET && op_info(node->as.let.op)->emission == LIBM;
        if (costly || node_regions(node, regions))
            return false;
    }
    return count <= 8;
}

/* One side of an if whose test varies over the lanes. */
static void emit_lanes(Emitter *e, LLVMValueRef on, const Region *region, LLVMValueRef *slots) {
    LLVMValueRef outer = e->mask;
    LLVMBasicBlockRef run = new_block(e, "lanes"), after = new_block(e, "join");
    e->mask = mask_and(e, outer, on);
    if (is_short(region))
        LLVMBuildBr(e->builder, run);
    else
        LLVMBuildCondBr(e->builder, any_lane(e, e->mask), run, after);
    start_block(e, run);
    emit_region(e, region);
    for (int i = 0; i < region->yields.count; i++) {
        LLVMValueRef fresh = splat(e, scalar_value(e, region->yields.data[i]));
        LLVMValueRef old = LLVMBuildLoad2(e->builder, LLVMTypeOf(fresh), slots[2 * i], "");
        LLVMBuildStore(e->builder, select_value(e, on, fresh, old), slots[2 * i]);
    }
    LLVMBuildBr(e->builder, after);
    start_block(e, after);
    e->mask = outer;
}

static void emit_if(Emitter *e, const Node *node) {
    if (is_compaction(node)) {
        emit_compaction(e, node);
        return;
    }
    LLVMValueRef test = get(e, node->as.branch.test).value;
    if (!is_vector(test)) {
        emit_choice(e, node, test, node->as.branch.then, node->as.branch.otherwise);
        return;
    }
    LLVMValueRef *slots = make_slots(e, &node->results, true);
    for (int i = 0; i < node->results.count; i++)
        LLVMBuildStore(e->builder, LLVMConstNull(slot_type(e, node->results.data[i], true)), slots[2 * i]);
    emit_lanes(e, test, node->as.branch.then, slots);
    emit_lanes(e, LLVMBuildNot(e->builder, test, ""), node->as.branch.otherwise, slots);
    load_slots(e, slots, &node->results, true);
}

static void emit_version(Emitter *e, const Node *node) {
    LLVMValueRef all = NULL;
    for (int i = 0; i < node->as.version.goal_count; i++) {
        LLVMValueRef goal = emit_goal(e, node->as.version.goals[i].kind, node->as.version.goals[i].size);
        all = all ? LLVMBuildAnd(e->builder, all, goal, "") : goal;
    }
    emit_choice(e, node, all, node->as.version.fast, node->as.version.plain);
}

/* ---- exits --------------------------------------------------------------------------------- */

static void emit_return(Emitter *e, const Node *node) {
    unsigned at = 0;
    for (int i = 0; i < e->function->parameters.count; i++)
        at += e->function->parameters.data[i]->kind == VALUE_ARRAY ? 2 : 1;
    for (int i = 0; i < node->as.exit.values.count; i++) {
        const Value *value = node->as.exit.values.data[i];
        LLVMBuildStore(e->builder, get(e, value).value, LLVMGetParam(e->llvm_function, at++));
        if (value->kind == VALUE_ARRAY)
            LLVMBuildStore(e->builder, get(e, value).owner, LLVMGetParam(e->llvm_function, at++));
    }
    emit_releases(e, 0);
    LLVMBuildRet(e->builder, LLVMConstInt(LLVMInt32TypeInContext(e->context), 0, false));
}

static void emit_fail(Emitter *e, const Node *node) {
    const Values *values = &node->as.exit.values;
    LLVMValueRef arguments[] = {
        LLVMBuildGlobalStringPtr(e->builder, node->as.exit.exception, "exception"),
        values->count ? get(e, values->data[0]).value : pointer_null(e),
        values->count ? get(e, values->data[1]).value : int64(e, 0), place_string(e, node->span)};
    call_abi(e, "mnp_raise", arguments, 4);
    emit_failure_exit(e);
}

static void emit_exit(Emitter *e, const Node *node) {
    if (node->as.exit.kind == EXIT_RETURN) {
        emit_return(e, node);
        return;
    }
    if (node->as.exit.kind == EXIT_FAIL) {
        emit_fail(e, node);
        return;
    }
    ExitFrame *frame = e->exits;
    while (frame->loop != node->as.exit.target)
        frame = frame->outer;
    bool leave = node->as.exit.kind == EXIT_BREAK;
    store_slots(e, leave ? frame->after_slots : frame->latch_slots, &node->as.exit.values, false);
    emit_releases(e, frame->owned);
    LLVMBuildBr(e->builder, leave ? frame->after : frame->latch);
}

/* ---- nodes --------------------------------------------------------------------------------- */

static LLVMMetadataRef file_of(Emitter *e, Span span) {
    const SourceFile *file = source_file(span.file);
    if (!file || source_is_program(span.file))
        return e->debug_file;
    const char *path = debug_path(e, file->path);
    return LLVMDIBuilderCreateFile(e->debug, path, strlen(path), "", 0);
}

static LLVMMetadataRef subprogram(Emitter *e, Span span, const char *name) {
    int line, column;
    source_place(span, &line, &column);
    LLVMMetadataRef file = file_of(e, span), type = LLVMDIBuilderCreateSubroutineType(e->debug, file, NULL, 0, LLVMDIFlagZero);
    return LLVMDIBuilderCreateFunction(e->debug, file, name, strlen(name), "", 0, file, (unsigned)line, type, true, true,
                                       (unsigned)line, LLVMDIFlagZero, e->options->optimize);
}

/* What stands for a function where it is computed in others. */
static LLVMMetadataRef inlined_scope(Emitter *e, Span span, const SourceFile *file) {
    for (int i = 0; i < e->inlined_scopes.count; i++) {
        const InlinedScope *known = &e->inlined_scopes.data[i];
        if (known->function == file->function && known->text == file->text)
            return known->scope;
    }
    InlinedScope scope = {file->function, file->text, subprogram(e, span, file->function)};
    VEC_PUSH(e->arena, e->inlined_scopes, scope);
    return scope.scope;
}

static LLVMMetadataRef location_of(Emitter *e, Span span) {
    int line, column;
    source_place(span, &line, &column);
    const SourceFile *file = source_file(span.file);
    LLVMMetadataRef scope = e->debug_scope, call = NULL;
    if (file && file->call.file) {
        scope = inlined_scope(e, span, file);
        call = location_of(e, file->call);
    }
    return LLVMDIBuilderCreateDebugLocation(e->context, (unsigned)line, (unsigned)column, scope, call);
}

void set_location(Emitter *e, Span span) {
    if (e->debug_scope)
        LLVMSetCurrentDebugLocation2(e->builder, location_of(e, span));
}

static void emit_string(Emitter *e, const Node *node) {
    LLVMValueRef bytes = LLVMConstStringInContext2(e->context, node->as.string.data, node->as.string.length, false);
    LLVMValueRef global = LLVMAddGlobal(e->module, LLVMTypeOf(bytes), "text");
    LLVMSetInitializer(global, bytes);
    LLVMSetGlobalConstant(global, true);
    LLVMSetLinkage(global, LLVMPrivateLinkage);
    LLVMSetUnnamedAddress(global, LLVMGlobalUnnamedAddr);
    set(e, node->results.data[0], global, NULL);
}

static int owned_place(const Emitter *e, const Value *array) {
    int place = e->owned.count - 1;
    while (place >= 0 && e->owned.data[place].array != array)
        place--;
    return place;
}

/* What is owned outside of a piece only the whole can give back. */
void emit_release(Emitter *e, const Node *node) {
    int place = owned_place(e, node->as.count.array);
    if (place >= 0 && place < e->owned_outside) {
        release_behind_piece(e, node);
        return;
    }
    call_abi(e, "mnp_release", &(LLVMValueRef){get(e, node->as.count.array).owner}, 1);
    if (place < 0)
        return;
    for (int i = place + 1; i < e->owned.count; i++)
        e->owned.data[i - 1] = (Owned){e->owned.data[i].array, NULL};
    e->owned.count--;
}

void emit_node(Emitter *e, const Node *node) {
    const Value *result = node->results.count ? node->results.data[0] : NULL;
    set_location(e, node->span);
    switch (node->kind) {
    case NODE_CONST: set(e, result, emit_constant(e, result->dtype, node->as.constant.value), NULL); break;
    case NODE_STRING: emit_string(e, node); break;
    case NODE_SIZE: set(e, result, emit_size(e, node->as.size.size), NULL); break;
    case NODE_LET: set(e, result, emit_let(e, node), NULL); break;
    case NODE_LOAD: set(e, result, emit_load(e, node), NULL); break;
    case NODE_STORE:
        emit_store(e, node->as.store.array, node->as.store.index, scalar_value(e, node->as.store.value));
        break;
    case NODE_FOR: emit_for(e, node); break;
    case NODE_WHILE: emit_while(e, node); break;
    case NODE_IF: emit_if(e, node); break;
    case NODE_REDUCE: emit_reduce(e, node); break;
    case NODE_VERSION: emit_version(e, node); break;
    case NODE_CHECK: fail_if(e, check_failed(e, node), fill_check, node); break;
    case NODE_ALLOC: emit_alloc(e, node); break;
    case NODE_VIEW: emit_view(e, node); break;
    case NODE_RETAIN: call_abi(e, "mnp_retain", &(LLVMValueRef){get(e, node->as.count.array).owner}, 1); break;
    case NODE_RELEASE: emit_release(e, node); break;
    case NODE_CALL: emit_call(e, node); break;
    case NODE_RUNTIME: emit_runtime(e, node); break;
    case NODE_CELL_GET: case NODE_CELL_SET: BUG("cells are not emitted");
    case NODE_EXIT: emit_exit(e, node); break;
    }
    if (node->kind == NODE_ALLOC || node->kind == NODE_CALL || node->kind == NODE_RUNTIME)
        own_results(e, &node->results);
}

void emit_region(Emitter *e, const Region *region) {
    for (const Node *node = region->first; node; node = node->next)
        emit_node(e, node);
}

/* ---- functions ----------------------------------------------------------------------------- */

void debug_function(Emitter *e, Span span) {
    const SourceFile *file = source_file(span.file);
    for (; file && file->call.file; file = source_file(span.file))
        span = file->call;
    e->debug_scope = subprogram(e, span, e->function->name);
    LLVMSetSubprogram(e->llvm_function, e->debug_scope);
}

void emit_function(Emitter *e, const Function *function, LLVMValueRef llvm) {
    e->function = function;
    e->llvm_function = llvm;
    e->owned.count = 0;
    e->failure = NULL;
    e->exits = NULL;
    e->depth = 0;
    e->width = 1;
    e->lane_iv = NULL;
    e->mask = NULL;
    e->owned_outside = 0;
    e->pieces = NULL;
    debug_function(e, function->span);
    e->entry = new_block(e, "entry");
    LLVMBasicBlockRef start = new_block(e, "start");
    start_block(e, start);
    unsigned at = 0;
    for (int i = 0; i < function->parameters.count; i++) {
        const Value *value = function->parameters.data[i];
        LLVMValueRef data = LLVMGetParam(llvm, at++), owner = NULL;
        if (value->kind == VALUE_ARRAY)
            owner = LLVMGetParam(llvm, at++);
        set(e, value, data, owner);
    }
    set_location(e, function->span);
    emit_body(e, function->body);
    if (!terminated(e))
        emit_failure_exit(e);
    e->pieces = NULL;
    start_block(e, e->entry);
    LLVMBuildBr(e->builder, start);
    LLVMSetCurrentDebugLocation2(e->builder, NULL);
    e->debug_scope = NULL;
}
