/* list.c: lists. Values pass to and from the runtime as rows of 64-bit slots (runtime/src/list.c); an element of one
 * slot is read and written in place, its index tested here. */
#include "emit/emitter.h"

static LLVMTypeRef slot_type(Emitter *e) {
    return LLVMInt64TypeInContext(e->context);
}

static LLVMValueRef slot_at(Emitter *e, LLVMValueRef slots, int64_t at) {
    LLVMValueRef index = int64(e, at);
    return LLVMBuildInBoundsGEP2(e->builder, slot_type(e), slots, &index, 1, "");
}

static LLVMValueRef row_new(Emitter *e, int count) {
    return stack_slot(e, LLVMArrayType2(slot_type(e), (uint64_t)(count ? count : 1)), "row");
}

static int slot_count(const Values *values, int from) {
    int count = 0;
    for (int i = from; i < values->count; i++)
        count += values->data[i]->kind == VALUE_ARRAY ? 2 : 1;
    return count;
}

/* A scalar as 64 bits: floats as doubles, ints widened by their sign. */
static LLVMValueRef to_slot(Emitter *e, const Value *value) {
    LLVMValueRef llvm = get(e, value).value;
    if (value->kind == VALUE_POINTER)
        return llvm;
    if (dtype_is_float(value->dtype)) {
        if (value->dtype == DTYPE_F32)
            llvm = LLVMBuildFPExt(e->builder, llvm, LLVMDoubleTypeInContext(e->context), "");
        return LLVMBuildBitCast(e->builder, llvm, slot_type(e), "");
    }
    return LLVMBuildIntCast2(e->builder, llvm, slot_type(e), dtype_info(value->dtype)->class == CLASS_INT, "");
}

static LLVMValueRef from_slot(Emitter *e, const Value *value, LLVMValueRef slot) {
    if (value->kind == VALUE_POINTER)
        return LLVMBuildLoad2(e->builder, LLVMPointerTypeInContext(e->context, 0), slot, "");
    LLVMValueRef bits = LLVMBuildLoad2(e->builder, slot_type(e), slot, "");
    if (!dtype_is_float(value->dtype))
        return LLVMBuildIntCast2(e->builder, bits, type_of(e, value->dtype), true, "");
    LLVMValueRef wide = LLVMBuildBitCast(e->builder, bits, LLVMDoubleTypeInContext(e->context), "");
    return value->dtype == DTYPE_F32 ? LLVMBuildFPTrunc(e->builder, wide, type_of(e, value->dtype), "") : wide;
}

LLVMValueRef emit_row(Emitter *e, const Values *values, int from) {
    LLVMValueRef row = row_new(e, slot_count(values, from));
    for (int i = from, at = 0; i < values->count; i++) {
        const Value *value = values->data[i];
        if (value->kind == VALUE_ARRAY) {
            LLVMValueRef owner = get(e, value).owner;
            LLVMBuildStore(e->builder, owner ? owner : pointer_null(e), slot_at(e, row, at++));
            LLVMBuildStore(e->builder, get(e, value).value, slot_at(e, row, at++));
        } else {
            LLVMBuildStore(e->builder, to_slot(e, value), slot_at(e, row, at++));
        }
    }
    return row;
}

LLVMValueRef emit_row_like(Emitter *e, const Values *results) {
    return row_new(e, slot_count(results, 0));
}

void emit_row_results(Emitter *e, const Values *results, LLVMValueRef row) {
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0);
    for (int i = 0, at = 0; i < results->count; i++) {
        const Value *value = results->data[i];
        LLVMValueRef owner = NULL;
        if (value->kind == VALUE_ARRAY) {
            owner = LLVMBuildLoad2(e->builder, pointer, slot_at(e, row, at++), "");
            set(e, value, LLVMBuildLoad2(e->builder, pointer, slot_at(e, row, at++), ""), owner);
        } else {
            set(e, value, from_slot(e, value, slot_at(e, row, at++)), NULL);
        }
    }
}

/* ---- in place ------------------------------------------------------------------------------ */

enum {
#define FAILURE(name, exception, text) FAILURE_##name,
#include "../../runtime/failures.def"
#undef FAILURE
    FAILURE_COUNT
};

enum { LIST_COUNT = 0, LIST_SLOTS = 2 };   /* places in a List, in slots */

typedef struct {
    const Node *node;
    int failure;
} BadIndex;

static void fail_index(Emitter *e, const void *user) {
    const BadIndex *bad = user;
    LLVMValueRef arguments[] = {int64(e, bad->failure), int64(e, 0), int64(e, 0), int64(e, 0),
                                place_string(e, bad->node->span)};
    call_abi(e, "mnp_fail", arguments, 5);
}

static LLVMValueRef list_count(Emitter *e, const Value *list) {
    return LLVMBuildLoad2(e->builder, slot_type(e), slot_at(e, get(e, list).value, LIST_COUNT), "count");
}

static LLVMValueRef element_slot(Emitter *e, const Node *node, int failure) {
    const Value *list = node->as.runtime.arguments.data[0];
    LLVMValueRef index = get(e, node->as.runtime.arguments.data[1]).value, count = list_count(e, list);
    LLVMValueRef negative = LLVMBuildICmp(e->builder, LLVMIntSLT, index, int64(e, 0), "");
    LLVMValueRef wrapped = LLVMBuildAdd(e->builder, index, count, "");
    LLVMValueRef at = LLVMBuildSelect(e->builder, negative, wrapped, index, "");
    BadIndex bad = {node, failure};
    fail_if(e, LLVMBuildICmp(e->builder, LLVMIntUGE, at, count, ""), fail_index, &bad);
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0);
    LLVMValueRef slots = LLVMBuildLoad2(e->builder, pointer, slot_at(e, get(e, list).value, LIST_SLOTS), "slots");
    return LLVMBuildInBoundsGEP2(e->builder, slot_type(e), slots, &at, 1, "");
}

bool emit_list_in_place(Emitter *e, const Node *node) {
    const Values *arguments = &node->as.runtime.arguments, *results = &node->results;
    Name symbol = node->as.runtime.symbol;
    if (!strcmp(symbol, "mnp_list_length")) {
        set(e, results->data[0], list_count(e, arguments->data[0]), NULL);
        return true;
    }
    if (!strcmp(symbol, "mnp_list_get") && results->count == 1 && results->data[0]->kind == VALUE_SCALAR) {
        LLVMValueRef slot = element_slot(e, node, FAILURE_LIST_INDEX);
        set(e, results->data[0], from_slot(e, results->data[0], slot), NULL);
        return true;
    }
    if (!strcmp(symbol, "mnp_list_set") && arguments->count == 3 && arguments->data[2]->kind == VALUE_SCALAR) {
        LLVMValueRef slot = element_slot(e, node, FAILURE_LIST_ASSIGNMENT);
        LLVMBuildStore(e->builder, to_slot(e, arguments->data[2]), slot);
        return true;
    }
    return false;
}
