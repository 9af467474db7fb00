/* call.c: calls of functions of the module and of the runtime. */
#include "emit/emitter.h"

/* ---- the ABI table ------------------------------------------------------------------------- */

typedef enum { ABI_END, ABI_VOID, ABI_I32, ABI_I64, ABI_F64, ABI_PTR, ABI_LIST, ABI_SLOTS, ABI_OUT } AbiType;

enum { PARAMETERS_MAX = 24 };

typedef struct {
    const char *name;
    AbiType result;
    AbiType parameters[PARAMETERS_MAX];
} AbiRow;

static const AbiRow abi[] = {
#define VOID ABI_VOID
#define I32 ABI_I32
#define I64 ABI_I64
#define F64 ABI_F64
#define PTR ABI_PTR
#define LIST ABI_LIST
#define SLOTS ABI_SLOTS
#define OUT ABI_OUT
#define ABI(name, result, ...) {#name, result, {__VA_ARGS__}},
#include "../../runtime/abi.def"
#undef ABI
#undef VOID
#undef I32
#undef I64
#undef F64
#undef PTR
#undef LIST
#undef SLOTS
#undef OUT
};

static const AbiRow *abi_row(const char *symbol) {
    for (size_t i = 0; i < sizeof abi / sizeof *abi; i++)
        if (!strcmp(abi[i].name, symbol))
            return &abi[i];
    BUG("%s is not in the ABI table", symbol);
}

static LLVMTypeRef abi_type(Emitter *e, AbiType type) {
    switch (type) {
    case ABI_I32: return LLVMInt32TypeInContext(e->context);
    case ABI_I64: return LLVMInt64TypeInContext(e->context);
    case ABI_F64: return LLVMDoubleTypeInContext(e->context);
    case ABI_PTR: case ABI_LIST: case ABI_SLOTS: case ABI_OUT:
        return LLVMPointerTypeInContext(e->context, 0);
    case ABI_VOID: case ABI_END: break;
    }
    return LLVMVoidTypeInContext(e->context);
}

static int abi_count(const AbiRow *row) {
    int count = 0;
    while (row->parameters[count] != ABI_END)
        count++;
    return count;
}

LLVMValueRef call_abi(Emitter *e, const char *symbol, LLVMValueRef *arguments, int count) {
    const AbiRow *row = abi_row(symbol);
    LLVMTypeRef parameters[PARAMETERS_MAX];
    if (count != abi_count(row))
        BUG("%s takes %d values, not %d", symbol, abi_count(row), count);
    for (int i = 0; i < count; i++)
        parameters[i] = abi_type(e, row->parameters[i]);
    LLVMTypeRef type = LLVMFunctionType(abi_type(e, row->result), parameters, (unsigned)count, false);
    LLVMValueRef function = LLVMGetNamedFunction(e->module, symbol);
    if (!function) {
        function = LLVMAddFunction(e->module, symbol, type);
        if (!strcmp(symbol, "mnp_new"))   /* fresh memory is nobody else's */
            add_attribute(e, function, LLVMAttributeReturnIndex, "noalias");
    }
    return LLVMBuildCall2(e->builder, type, function, arguments, (unsigned)count, "");
}

/* ---- the runtime --------------------------------------------------------------------------- */

static void fail_at(Emitter *e, const void *user) {
    LLVMValueRef place = place_string(e, ((const Node *)user)->span);
    call_abi(e, "mnp_at", &place, 1);
}

static LLVMValueRef widened(Emitter *e, const Value *value) {
    LLVMValueRef llvm = get(e, value).value;
    bool integer = value->kind == VALUE_SCALAR && !dtype_is_float(dtype_real(value->dtype));
    if (integer && value->dtype != DTYPE_I64)
        return LLVMBuildIntCast2(e->builder, llvm, LLVMInt64TypeInContext(e->context),
                                 dtype_info(value->dtype)->class == CLASS_INT, "");
    return llvm;
}

static LLVMValueRef descriptor_field(Emitter *e, LLVMValueRef slot, int member, int item) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef path[] = {LLVMConstInt(i32, 0, false), LLVMConstInt(i32, (unsigned)member, false),
                           LLVMConstInt(i32, (unsigned)item, false)};
    LLVMTypeRef type = member == 0 ? LLVMPointerTypeInContext(e->context, 0) : LLVMInt64TypeInContext(e->context);
    LLVMValueRef at = LLVMBuildInBoundsGEP2(e->builder, descriptor_type(e), slot, path, member > 2 ? 3 : 2, "");
    return LLVMBuildLoad2(e->builder, type, at, "");
}

/* Reads results back: an mnp_array gives the data, then sizes and strides. */
static void read_results(Emitter *e, const Node *node, LLVMValueRef *slots) {
    for (int i = 0, next = 0; i < node->results.count; i++, next++) {
        const Value *value = node->results.data[i];
        if (value->kind != VALUE_ARRAY) {
            LLVMTypeRef type = value->kind == VALUE_POINTER ? LLVMPointerTypeInContext(e->context, 0)
                                                            : type_of(e, value->dtype);
            set(e, value, LLVMBuildLoad2(e->builder, type, slots[next], ""), NULL);
            continue;
        }
        LLVMValueRef data = descriptor_field(e, slots[next], 0, 0);
        set(e, value, data, data);
        for (int k = 0; k < 2 * value->rank; k++)
            set(e, node->results.data[++i],
                descriptor_field(e, slots[next], 3 + k / value->rank, k % value->rank), NULL);
    }
}

static void set_attribute(Emitter *e, LLVMValueRef call, unsigned at, const char *name) {
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    LLVMAddCallSiteAttribute(call, at, LLVMCreateEnumAttribute(e->context, kind, 0));
}

/* C's callers widen small integers. */
static void widen_arguments(Emitter *e, const Node *node, LLVMValueRef call) {
    for (int i = 0; i < node->as.runtime.arguments.count; i++) {
        const Value *value = node->as.runtime.arguments.data[i];
        if (value->kind == VALUE_SCALAR && !dtype_is_float(dtype_real(value->dtype)) && dtype_info(value->dtype)->bytes < 4)
            set_attribute(e, call, (unsigned)i + 1,
                          dtype_info(value->dtype)->class == CLASS_INT ? "signext" : "zeroext");
    }
}

static void fail_external(Emitter *e, const void *user) {
    const Node *node = user;
    LLVMValueRef name = LLVMBuildGlobalStringPtr(e->builder, node->as.runtime.symbol, "name");
    LLVMValueRef arguments[] = {name, place_string(e, node->span)};
    call_abi(e, "mnp_external_failed", arguments, 2);
}

/* A function of C: scalars by value, arrays by their data, results by pointers, a status back. */
static void emit_external(Emitter *e, const Node *node) {
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0), i8 = LLVMInt8TypeInContext(e->context);
    int most = node->as.runtime.arguments.count + node->results.count;
    LLVMTypeRef *types = ARENA_ARRAY(e->arena, LLVMTypeRef, most + 1);
    LLVMValueRef *arguments = ARENA_ARRAY(e->arena, LLVMValueRef, most + 1);
    LLVMValueRef *slots = ARENA_ARRAY(e->arena, LLVMValueRef, node->results.count + 1);
    unsigned count = 0;
    for (int i = 0; i < node->as.runtime.arguments.count; i++) {
        const Value *value = node->as.runtime.arguments.data[i];
        LLVMValueRef llvm = get(e, value).value;
        llvm = value->kind == VALUE_SCALAR ? scalar_to_c(e, value->dtype, llvm) : llvm;
        types[count] = LLVMTypeOf(llvm);
        arguments[count++] = llvm;
    }
    for (int i = 0; i < node->results.count; i++) {
        const Value *value = node->results.data[i];
        types[count] = pointer;
        slots[i] = stack_slot(e, value->dtype == DTYPE_BOOL ? i8 : type_of(e, value->dtype), "result");
        LLVMBuildStore(e->builder, LLVMConstNull(value->dtype == DTYPE_BOOL ? i8 : type_of(e, value->dtype)), slots[i]);
        arguments[count++] = slots[i];
    }
    const char *name = c_name(e->arena, e->source, node->as.runtime.symbol, "");
    LLVMTypeRef type = LLVMFunctionType(LLVMInt32TypeInContext(e->context), types, count, false);
    LLVMValueRef function = LLVMGetNamedFunction(e->module, name);
    if (!function)
        function = LLVMAddFunction(e->module, name, type);
    call_abi(e, "mnp_external_begin", NULL, 0);
    LLVMValueRef status = LLVMBuildCall2(e->builder, type, function, arguments, count, "");
    widen_arguments(e, node, status);
    fail_if(e, LLVMBuildICmp(e->builder, LLVMIntNE, status, LLVMConstNull(LLVMTypeOf(status)), ""), fail_external, node);
    for (int i = 0; i < node->results.count; i++) {
        const Value *value = node->results.data[i];
        bool truth = value->dtype == DTYPE_BOOL;
        LLVMValueRef result = LLVMBuildLoad2(e->builder, truth ? i8 : type_of(e, value->dtype), slots[i], "");
        if (truth)
            result = LLVMBuildICmp(e->builder, LLVMIntNE, result, LLVMConstNull(i8), "");
        set(e, value, result, NULL);
    }
}

/* Lists by their address, other arguments and results as rows of slots. */
static bool has_rows(const AbiRow *row) {
    for (int i = 0; row->parameters[i] != ABI_END; i++)
        if (row->parameters[i] == ABI_LIST || row->parameters[i] == ABI_OUT)
            return true;
    return false;
}

static void emit_with_rows(Emitter *e, const Node *node, const AbiRow *row) {
    const Values *given = &node->as.runtime.arguments;
    LLVMValueRef arguments[PARAMETERS_MAX], out = NULL;
    int next = 0, count = abi_count(row);
    bool array = row->parameters[count - 1] == ABI_PTR && node->results.count;   /* mnp_list_array */
    for (int i = 0; i < count; i++) {
        AbiType type = row->parameters[i];
        if (type == ABI_OUT || (array && i == count - 1))
            arguments[i] = out = array ? stack_slot(e, descriptor_type(e), "result") : emit_row_like(e, &node->results);
        else if (type == ABI_SLOTS)
            arguments[i] = emit_row(e, given, next);
        else
            arguments[i] = type == ABI_LIST ? get(e, given->data[next++]).value : widened(e, given->data[next++]);
    }
    LLVMValueRef result = call_abi(e, row->name, arguments, count);
    if (row->result == ABI_I32)
        fail_if(e, LLVMBuildICmp(e->builder, LLVMIntNE, result, LLVMConstNull(LLVMTypeOf(result)), ""), fail_at, node);
    if (row->result == ABI_I64)
        set(e, node->results.data[0], result, NULL);
    else if (array)
        read_results(e, node, &out);
    else
        emit_row_results(e, &node->results, out);
}

void emit_runtime(Emitter *e, const Node *node) {
    if (node->as.runtime.external) {
        emit_external(e, node);
        return;
    }
    const AbiRow *row = abi_row(node->as.runtime.symbol);
    if (has_rows(row)) {
        if (!emit_list_in_place(e, node))
            emit_with_rows(e, node, row);
        return;
    }
    LLVMValueRef arguments[PARAMETERS_MAX], slots[PARAMETERS_MAX];
    int count = 0, slot_count = 0;
    for (int i = 0; i < node->as.runtime.arguments.count; i++) {
        const Value *value = node->as.runtime.arguments.data[i];
        arguments[count++] = value->kind == VALUE_ARRAY ? emit_descriptor(e, value) : widened(e, value);
    }
    bool direct = row->result == ABI_I64 || row->result == ABI_F64;
    for (int i = 0; i < node->results.count && !direct; i++) {
        const Value *value = node->results.data[i];
        LLVMTypeRef type = value->kind == VALUE_ARRAY     ? descriptor_type(e)
                           : value->kind == VALUE_POINTER ? LLVMPointerTypeInContext(e->context, 0)
                                                          : type_of(e, value->dtype);
        slots[slot_count] = stack_slot(e, type, "result");
        arguments[count++] = slots[slot_count++];
        i += value->kind == VALUE_ARRAY ? 2 * value->rank : 0;
    }
    LLVMValueRef result = call_abi(e, row->name, arguments, count);
    if (row->result == ABI_I32) {
        LLVMValueRef failed = LLVMBuildICmp(e->builder, LLVMIntNE, result, LLVMConstNull(LLVMTypeOf(result)), "");
        fail_if(e, failed, fail_at, node);
    }
    if (direct)
        set(e, node->results.data[0], result, NULL);
    else
        read_results(e, node, slots);
}

/* ---- functions of the module --------------------------------------------------------------- */

static LLVMTypeRef value_type(Emitter *e, const Value *value) {
    return value->kind == VALUE_SCALAR ? type_of(e, value->dtype) : LLVMPointerTypeInContext(e->context, 0);
}

LLVMTypeRef internal_type(Emitter *e, const Function *function) {
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0);
    LLVMTypeRef *types = ARENA_ARRAY(e->arena, LLVMTypeRef, 2 * (function->parameters.count + function->results.count) + 1);
    unsigned count = 0;
    for (int i = 0; i < function->parameters.count; i++) {
        types[count++] = value_type(e, function->parameters.data[i]);
        if (function->parameters.data[i]->kind == VALUE_ARRAY)
            types[count++] = pointer;
    }
    for (int i = 0; i < function->results.count; i++) {
        types[count++] = pointer;
        if (function->results.data[i]->kind == VALUE_ARRAY)
            types[count++] = pointer;
    }
    return LLVMFunctionType(LLVMInt32TypeInContext(e->context), types, count, false);
}

void add_attribute(Emitter *e, LLVMValueRef function, unsigned index, const char *name) {
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    LLVMAddAttributeAtIndex(function, index, LLVMCreateEnumAttribute(e->context, kind, 0));
}

LLVMValueRef declare_internal(Emitter *e, const Function *function) {
    const char *name = arena_printf(e->arena, "%s.body", function->name);
    LLVMValueRef llvm = LLVMAddFunction(e->module, name, internal_type(e, function));
    if (e->partition->count == 1)
        LLVMSetLinkage(llvm, LLVMInternalLinkage);
    else
        LLVMSetVisibility(llvm, LLVMHiddenVisibility);
    add_attribute(e, llvm, LLVMAttributeFunctionIndex, "nounwind");
    add_attribute(e, llvm, LLVMAttributeFunctionIndex, "noinline");
    unsigned at = 1;
    for (int i = 0; i < function->parameters.count; i++) {
        bool array = function->parameters.data[i]->kind == VALUE_ARRAY;
        if (array && function->apart)
            add_attribute(e, llvm, at, "noalias");
        at += array ? 2 : 1;
    }
    return llvm;
}

LLVMValueRef function_value(Emitter *e, const Function *function) {
    int i = 0;
    for (const Function *other = e->source->functions; other != function; other = other->next)
        i++;
    return e->functions.data[i];
}

void emit_call(Emitter *e, const Node *node) {
    const Function *callee = node->as.call.callee;
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0);
    const Values *values = &node->as.call.arguments, *results = &node->results;
    LLVMValueRef *arguments = ARENA_ARRAY(e->arena, LLVMValueRef, 2 * (values->count + results->count) + 1);
    LLVMValueRef *slots = ARENA_ARRAY(e->arena, LLVMValueRef, results->count + 1);
    LLVMValueRef *owners = ARENA_ARRAY(e->arena, LLVMValueRef, results->count + 1);
    unsigned count = 0;
    for (int i = 0; i < node->as.call.arguments.count; i++) {
        const Value *value = node->as.call.arguments.data[i];
        arguments[count++] = get(e, value).value;
        if (value->kind == VALUE_ARRAY)
            arguments[count++] = get(e, value).owner ? get(e, value).owner : pointer_null(e);
    }
    for (int i = 0; i < node->results.count; i++) {
        arguments[count++] = slots[i] = stack_slot(e, value_type(e, node->results.data[i]), "result");
        if (node->results.data[i]->kind == VALUE_ARRAY)
            arguments[count++] = owners[i] = stack_slot(e, pointer, "owner");
    }
    LLVMValueRef status = LLVMBuildCall2(e->builder, internal_type(e, callee), function_value(e, callee), arguments,
                                         count, "");
    LLVMValueRef failed = LLVMBuildICmp(e->builder, LLVMIntNE, status, LLVMConstNull(LLVMTypeOf(status)), "");
    fail_if(e, failed, fail_at, node);
    for (int i = 0; i < node->results.count; i++) {
        const Value *value = node->results.data[i];
        LLVMValueRef owner = NULL;
        if (value->kind == VALUE_ARRAY)
            owner = LLVMBuildLoad2(e->builder, pointer, owners[i], "");
        set(e, value, LLVMBuildLoad2(e->builder, value_type(e, value), slots[i], ""), owner);
    }
}
