/* export.c: the entries that C calls, and main() of a program.
 *
 * Each exported function has two: one for arrays in C order, which are a pointer and sizes, and one for
 * arrays with strides (mnp_array). Both look at what they were given before anything is touched: sizes
 * that make no array and missing memory are refused with a status. Then they choose a body: `f.body`
 * relies on C order and on arrays that share nothing with what is written, `f.general.body` on nothing.
 * Results that the body does not build in place are copied to the caller, or handed over (owned).
 */
#include "emit/emitter.h"

typedef struct {
    const Function *function;
    const Interface *interface;
    bool strided;
    LLVMValueRef *outs;                             /* a pointer a result: data, scalar or mnp_array */
    LLVMValueRef (*strides)[RANK_MAX];              /* of each parameter that is an array */
    int room;                                       /* for what either body takes, owners too, and results */
} Entry;

static LLVMValueRef *room_for_values(Emitter *e, const Entry *x) {
    return ARENA_ARRAY(e->arena, LLVMValueRef, x->room);
}

static LLVMTypeRef pointer_type(Emitter *e) {
    return LLVMPointerTypeInContext(e->context, 0);
}

static LLVMValueRef constant_bool(Emitter *e, bool value) {
    return LLVMConstInt(LLVMInt1TypeInContext(e->context), value, false);
}

static LLVMValueRef is_not_zero(Emitter *e, LLVMValueRef value) {
    return LLVMBuildICmp(e->builder, LLVMIntNE, value, LLVMConstNull(LLVMTypeOf(value)), "");
}

static LLVMValueRef name_string(Emitter *e, const char *name) {
    return LLVMBuildGlobalStringPtr(e->builder, name, "name");
}

/* What messages call a result. */
static const char *out_name(Emitter *e, const Entry *x, int i) {
    return x->interface->result_count > 1 ? arena_printf(e->arena, "out%d", i + 1) : "out";
}

/* ---- arrays as C sees them ----------------------------------------------------------------- */

static LLVMValueRef descriptor_member(Emitter *e, LLVMValueRef descriptor, int member, int item) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef path[] = {LLVMConstInt(i32, 0, false), LLVMConstInt(i32, (unsigned)member, false),
                           LLVMConstInt(i32, (unsigned)item, false)};
    return LLVMBuildInBoundsGEP2(e->builder, descriptor_type(e), descriptor, path, member > 2 ? 3 : 2, "");
}

static LLVMValueRef load_member(Emitter *e, LLVMValueRef descriptor, int member, int item) {
    LLVMTypeRef type = member == 0 ? pointer_type(e) : LLVMInt64TypeInContext(e->context);
    return LLVMBuildLoad2(e->builder, type, descriptor_member(e, descriptor, member, item), "");
}

static LLVMValueRef describe(Emitter *e, const Value *array, LLVMValueRef data, const LLVMValueRef *shape,
                             const LLVMValueRef *strides) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef slot = stack_slot(e, descriptor_type(e), "described");
    LLVMBuildStore(e->builder, data, descriptor_member(e, slot, 0, 0));
    LLVMBuildStore(e->builder, LLVMConstInt(i32, array->dtype, false), descriptor_member(e, slot, 1, 0));
    LLVMBuildStore(e->builder, LLVMConstInt(i32, (unsigned)array->rank, false), descriptor_member(e, slot, 2, 0));
    for (int axis = 0; axis < array->rank; axis++) {
        LLVMBuildStore(e->builder, shape[axis], descriptor_member(e, slot, 3, axis));
        LLVMBuildStore(e->builder, strides[axis], descriptor_member(e, slot, 4, axis));
    }
    return slot;
}

static void strides_in_order(Emitter *e, int rank, const LLVMValueRef *shape, LLVMValueRef *strides) {
    LLVMValueRef step = int64(e, 1);
    for (int axis = rank - 1; axis >= 0; axis--) {
        strides[axis] = step;
        step = LLVMBuildMul(e->builder, step, shape[axis], "");
    }
}

static LLVMValueRef bytes_of(Emitter *e, const Value *array, LLVMValueRef *overflow) {
    Size count = size_const(dtype_info(array->dtype)->bytes);
    for (int axis = 0; axis < array->rank; axis++)
        count = size_mul(count, array->shape[axis]);
    return emit_size_checked(e, count, overflow);
}

/* ---- what comes in ------------------------------------------------------------------------- */

typedef struct {
    const Value *array;
    const char *name;
    LLVMValueRef data;
} Given;

static void fill_bad_argument(Emitter *e, const void *user) {
    const Given *given = user;
    LLVMTypeRef i64 = LLVMInt64TypeInContext(e->context);
    LLVMValueRef shape = stack_slot(e, LLVMArrayType2(i64, RANK_MAX), "shape");
    for (int axis = 0; axis < given->array->rank; axis++) {
        LLVMValueRef at = int64(e, axis);
        LLVMValueRef address = LLVMBuildInBoundsGEP2(e->builder, i64, shape, &at, 1, "");
        LLVMBuildStore(e->builder, emit_size(e, given->array->shape[axis]), address);
    }
    LLVMValueRef arguments[] = {name_string(e, given->name), int64(e, given->array->rank), shape};
    call_abi(e, "mnp_bad_argument", arguments, 3);
}

/* An array in C order: each size from 0 to 2^47, its bytes fit, and it has memory unless it is empty. A
 * result whose sizes are negative is left to the body, which says what NumPy says. */
static void check_given(Emitter *e, const Value *array, const char *name, LLVMValueRef data, bool result) {
    LLVMBuilderRef b = e->builder;
    LLVMValueRef bad, overflow, bytes = bytes_of(e, array, &bad), negative = constant_bool(e, false);
    bad = LLVMBuildOr(b, bad, LLVMBuildAnd(b, is_not_zero(e, bytes), LLVMBuildIsNull(b, data, ""), ""), "");
    for (int axis = 0; axis < array->rank; axis++) {
        LLVMValueRef size = emit_size_checked(e, array->shape[axis], &overflow);
        LLVMValueRef outside = LLVMBuildICmp(b, LLVMIntUGT, size, int64(e, INT64_C(1) << 47), "");
        bad = LLVMBuildOr(b, bad, LLVMBuildOr(b, outside, overflow, ""), "");
        negative = LLVMBuildOr(b, negative, LLVMBuildICmp(b, LLVMIntSLT, size, int64(e, 0), ""), "");
    }
    if (result)
        bad = LLVMBuildAnd(b, bad, LLVMBuildNot(b, negative, ""), "");
    Given given = {array, name, data};
    fail_if(e, bad, fill_bad_argument, &given);
}

static void take_parameters(Emitter *e, Entry *x, LLVMValueRef function) {
    unsigned at = 0;
    for (int i = 0; i < x->interface->parameter_count; i++) {
        const Value *value = x->interface->parameters[i].value;
        LLVMValueRef llvm = LLVMGetParam(function, at++);
        llvm = value->kind == VALUE_SCALAR ? scalar_from_c(e, value->dtype, llvm) : llvm;
        set(e, value, llvm, pointer_null(e));
    }
    for (int i = 0; i < x->interface->result_count; i++)
        x->outs[i] = LLVMGetParam(function, at++);
}

/* Owned results start empty, so that freeing them after a failure does no harm. */
static void clear_owned(Emitter *e, const Entry *x) {
    LLVMTypeRef i8 = LLVMInt8TypeInContext(e->context);
    for (int i = 0; i < x->interface->result_count; i++)
        if (x->interface->results[i].value->kind == VALUE_ARRAY && !x->interface->results[i].known)
            LLVMBuildMemSet(e->builder, x->outs[i], LLVMConstNull(i8), LLVMSizeOf(descriptor_type(e)), 8);
}

/* ---- overlap ------------------------------------------------------------------------------- */

/* [a, a + n) and [b, b + m) share no byte. */
static LLVMValueRef disjoint(Emitter *e, LLVMValueRef a, LLVMValueRef n, LLVMValueRef b, LLVMValueRef m) {
    LLVMTypeRef i64 = LLVMInt64TypeInContext(e->context);
    LLVMValueRef x = LLVMBuildPtrToInt(e->builder, a, i64, ""), y = LLVMBuildPtrToInt(e->builder, b, i64, "");
    LLVMValueRef before = LLVMBuildICmp(e->builder, LLVMIntULE, LLVMBuildAdd(e->builder, x, n, ""), y, "");
    LLVMValueRef behind = LLVMBuildICmp(e->builder, LLVMIntULE, LLVMBuildAdd(e->builder, y, m, ""), x, "");
    return LLVMBuildOr(e->builder, before, behind, "");
}

/* True (an i1) if what is written shares no memory with anything else. */
static LLVMValueRef arrays_apart(Emitter *e, const Function *function) {
    const Values *parameters = &function->parameters;
    LLVMValueRef all = constant_bool(e, true), overflow;
    for (int i = 0; i < parameters->count; i++) {
        const Value *a = parameters->data[i];
        if (a->kind != VALUE_ARRAY || !function_writes(function, a))
            continue;
        for (int j = 0; j < parameters->count; j++) {
            const Value *b = parameters->data[j];
            if (b->kind != VALUE_ARRAY || b == a || (j < i && function_writes(function, b)))
                continue;
            LLVMValueRef one = disjoint(e, get(e, a).value, bytes_of(e, a, &overflow), get(e, b).value,
                                        bytes_of(e, b, &overflow));
            all = LLVMBuildAnd(e->builder, all, one, "");
        }
    }
    return all;
}

/* ---- results ------------------------------------------------------------------------------- */

/* An array that the body returned: its slots, and where its sizes (and strides) stand. */
static LLVMValueRef describe_result(Emitter *e, const CResult *result, LLVMValueRef data, LLVMValueRef *slots) {
    LLVMTypeRef i64 = LLVMInt64TypeInContext(e->context);
    LLVMValueRef shape[RANK_MAX], strides[RANK_MAX];
    int rank = result->value->rank;
    for (int axis = 0; axis < rank; axis++)
        shape[axis] = LLVMBuildLoad2(e->builder, i64, slots[1 + axis], "");
    strides_in_order(e, rank, shape, strides);
    for (int axis = 0; result->strided && axis < rank; axis++)
        strides[axis] = LLVMBuildLoad2(e->builder, i64, slots[1 + rank + axis], "");
    return describe(e, result->value, data, shape, strides);
}

/* The caller's memory for a result in C order. */
static LLVMValueRef describe_out(Emitter *e, const Value *array, LLVMValueRef data) {
    LLVMValueRef shape[RANK_MAX], strides[RANK_MAX];
    for (int axis = 0; axis < array->rank; axis++)
        shape[axis] = emit_size(e, array->shape[axis]);
    strides_in_order(e, array->rank, shape, strides);
    return describe(e, array, data, shape, strides);
}

/* Copies a returned array out or hands it over; the status. */
static LLVMValueRef deliver_array(Emitter *e, const Entry *x, int i, const CResult *result, LLVMValueRef *slots,
                                  LLVMValueRef owner_slot) {
    LLVMTypeRef pointer = pointer_type(e);
    const CResult *known = &x->interface->results[i];
    LLVMValueRef data = LLVMBuildLoad2(e->builder, pointer, slots[0], "");
    LLVMValueRef owner = LLVMBuildLoad2(e->builder, pointer, owner_slot, ""), overflow;
    LLVMValueRef status = LLVMConstNull(LLVMInt32TypeInContext(e->context));
    if (known->known && !x->strided && !result->strided) {
        LLVMBuildMemMove(e->builder, x->outs[i], 1, data, 1, bytes_of(e, known->value, &overflow));
    } else {
        LLVMValueRef source = describe_result(e, result, data, slots);
        LLVMValueRef target = x->strided || !known->known ? x->outs[i] : describe_out(e, known->value, x->outs[i]);
        LLVMValueRef arguments[] = {source, owner, target};
        status = known->known ? call_abi(e, "mnp_copy", (LLVMValueRef[]){target, source}, 2)
                              : call_abi(e, "mnp_hand_over", arguments, 3);
    }
    call_abi(e, "mnp_release", &owner, 1);
    return status;
}

static void deliver_scalar(Emitter *e, const Value *value, LLVMValueRef slot, LLVMValueRef out) {
    LLVMValueRef result = LLVMBuildLoad2(e->builder, type_of(e, value->dtype), slot, "");
    if (value->dtype == DTYPE_BOOL)
        result = LLVMBuildZExt(e->builder, result, LLVMInt8TypeInContext(e->context), "");
    LLVMBuildStore(e->builder, result, out);
}

/* After a failure here nothing owned stays with the caller. */
static void finish(Emitter *e, const Entry *x, LLVMValueRef status) {
    LLVMBasicBlockRef undo = new_block(e, "undo"), done = new_block(e, "done");
    bool owned = false;
    for (int i = 0; i < x->interface->result_count; i++)
        owned |= !x->interface->results[i].known;
    if (owned)
        LLVMBuildCondBr(e->builder, is_not_zero(e, status), undo, done);
    else
        LLVMBuildBr(e->builder, done);
    LLVMPositionBuilderAtEnd(e->builder, undo);
    for (int i = 0; i < x->interface->result_count; i++)
        if (!x->interface->results[i].known)
            call_abi(e, "mnp_drop", (LLVMValueRef[]){x->outs[i]}, 1);
    LLVMBuildBr(e->builder, done);
    LLVMPositionBuilderAtEnd(e->builder, done);
    LLVMBuildRet(e->builder, status);
}

/* ---- bodies -------------------------------------------------------------------------------- */

typedef struct {
    LLVMValueRef *arguments, *slots, *owners;
    unsigned count;
} Call;

/* A stride parameter of the general body: which array's, which axis'. */
static bool find_stride(const Function *body, const Value *value, int *array, int *axis) {
    for (int i = 0, arrays = 0; i < body->parameters.count; i++) {
        const Value *parameter = body->parameters.data[i];
        if (parameter->kind != VALUE_ARRAY)
            continue;
        for (int k = 0; k < parameter->rank; k++) {
            Atom *atom = size_as_atom(parameter->stride[k]);
            if (atom && atom_value(atom) == value) {
                *array = arrays;
                *axis = k;
                return true;
            }
        }
        arrays++;
    }
    return false;
}

static int parameter_of_array(const Interface *interface, int array) {
    for (int i = 0;; i++)
        if (interface->parameters[i].value->kind == VALUE_ARRAY && array-- == 0)
            return i;
}

static void pass_arguments(Emitter *e, const Entry *x, const Function *body, Call *call) {
    bool general = body != x->function;
    for (int i = 0, mine = 0, array, axis; i < body->parameters.count; i++) {
        const Value *value = body->parameters.data[i];
        if (general && value->kind == VALUE_SCALAR && find_stride(body, value, &array, &axis)) {
            call->arguments[call->count++] = x->strides[parameter_of_array(x->interface, array)][axis];
            continue;
        }
        if (mine < x->interface->parameter_count)
            value = x->interface->parameters[mine++].value;
        call->arguments[call->count++] = get(e, value).value;
        if (value->kind == VALUE_ARRAY)
            call->arguments[call->count++] = pointer_null(e);
    }
    for (int i = 0; i < body->results.count; i++) {
        const Value *value = body->results.data[i];
        LLVMTypeRef type = value->kind == VALUE_SCALAR ? type_of(e, value->dtype) : pointer_type(e);
        call->arguments[call->count++] = call->slots[i] = stack_slot(e, type, "result");
        if (value->kind == VALUE_ARRAY)
            call->arguments[call->count++] = call->owners[i] = stack_slot(e, pointer_type(e), "owner");
    }
}

static LLVMValueRef deliver(Emitter *e, const Entry *x, const Function *body, Call *call) {
    LLVMValueRef status = LLVMConstNull(LLVMInt32TypeInContext(e->context));
    const Interface *interface = body->interface;
    for (int i = 0, next = 0; i < interface->result_count; i++) {
        const CResult *result = &interface->results[i];
        bool array = result->value->kind == VALUE_ARRAY;
        if (array && result->placed)
            continue;
        if (array)
            status = LLVMBuildOr(e->builder, status,
                                 deliver_array(e, x, i, result, &call->slots[next], call->owners[next]), "");
        else
            deliver_scalar(e, result->value, call->slots[next], x->outs[i]);
        next += array ? 1 + result->value->rank * (result->strided ? 2 : 1) : 1;
    }
    return status;
}

/* Calls a body with the entry's values and hands the results to the caller; returns the status. */
static void call_body(Emitter *e, const Entry *x, const Function *body) {
    Call all = {room_for_values(e, x), room_for_values(e, x), room_for_values(e, x), 0}, *call = &all;
    LLVMValueRef mark = e->texts ? call_abi(e, "mnp_text_mark", NULL, 0) : NULL;
    pass_arguments(e, x, body, call);
    LLVMValueRef status = LLVMBuildCall2(e->builder, internal_type(e, body), function_value(e, body), call->arguments,
                                         call->count, "");
    if (e->texts)
        call_abi(e, "mnp_text_drop", &mark, 1);
    LLVMBasicBlockRef good = new_block(e, "good"), bad = new_block(e, "bad");
    LLVMBuildCondBr(e->builder, is_not_zero(e, status), bad, good);
    LLVMPositionBuilderAtEnd(e->builder, bad);
    LLVMBuildRet(e->builder, status);
    LLVMPositionBuilderAtEnd(e->builder, good);
    finish(e, x, deliver(e, x, body, call));
}

/* ---- the entry for arrays in C order ------------------------------------------------------- */

static LLVMTypeRef c_type(Emitter *e, const Value *value) {
    if (value->kind != VALUE_SCALAR || dtype_is_complex(value->dtype))
        return pointer_type(e);
    return value->dtype == DTYPE_BOOL ? LLVMInt8TypeInContext(e->context) : type_of(e, value->dtype);
}

static void start_entry(Emitter *e, const Function *function, const char *name, LLVMTypeRef *types, unsigned count,
                        LLVMBasicBlockRef *start) {
    e->owned.count = 0;
    e->failure = NULL;
    e->depth = 0;
    e->width = 1;
    e->function = function;
    e->llvm_function =
        LLVMAddFunction(e->module, name, LLVMFunctionType(LLVMInt32TypeInContext(e->context), types, count, false));
    e->entry = new_block(e, "entry");
    *start = new_block(e, "start");
    LLVMPositionBuilderAtEnd(e->builder, *start);
}

static void end_entry(Emitter *e, LLVMBasicBlockRef start) {
    LLVMPositionBuilderAtEnd(e->builder, e->entry);
    LLVMBuildBr(e->builder, start);
}

static void check_all_given(Emitter *e, const Entry *x) {
    for (int i = 0; i < x->interface->parameter_count; i++) {
        const Value *value = x->interface->parameters[i].value;
        if (value->kind == VALUE_ARRAY)
            check_given(e, value, value->name, get(e, value).value, false);
    }
    for (int i = 0; i < x->interface->result_count; i++) {
        const CResult *result = &x->interface->results[i];
        if (result->value->kind == VALUE_ARRAY && result->known)
            check_given(e, result->value, out_name(e, x, i), x->outs[i], true);
    }
}

/* Results that the fast body builds in place are its last parameters, in order. */
static void set_outs(Emitter *e, const Entry *x) {
    const Values *outs = &x->function->outs;
    for (int i = 0, next = 0; i < x->interface->result_count && next < outs->count; i++)
        if (x->interface->results[i].value->kind == VALUE_ARRAY)
            set(e, outs->data[next++], x->outs[i], pointer_null(e));
}

static void set_plain_strides(Emitter *e, Entry *x) {
    for (int i = 0; i < x->interface->parameter_count; i++) {
        const Value *value = x->interface->parameters[i].value;
        for (int axis = 0; value->kind == VALUE_ARRAY && axis < value->rank; axis++)
            x->strides[i][axis] = emit_size(e, value->stride[axis]);
    }
}

static LLVMValueRef emit_plain_entry(Emitter *e, Entry *x, const char *name) {
    LLVMTypeRef *types = ARENA_ARRAY(e->arena, LLVMTypeRef, x->room);
    LLVMBasicBlockRef start;
    unsigned count = 0;
    for (int i = 0; i < x->interface->parameter_count; i++)
        types[count++] = c_type(e, x->interface->parameters[i].value);
    for (int i = 0; i < x->interface->result_count; i++)
        types[count++] = pointer_type(e);
    start_entry(e, x->function, name, types, count, &start);
    LLVMValueRef llvm = e->llvm_function;
    take_parameters(e, x, llvm);
    clear_owned(e, x);
    check_all_given(e, x);
    set_outs(e, x);
    if (x->function->general) {
        LLVMBasicBlockRef fast = new_block(e, "apart"), slow = new_block(e, "general");
        set_plain_strides(e, x);
        LLVMBuildCondBr(e->builder, arrays_apart(e, x->function), fast, slow);
        LLVMPositionBuilderAtEnd(e->builder, slow);
        call_body(e, x, x->function->general);
        LLVMPositionBuilderAtEnd(e->builder, fast);
    }
    call_body(e, x, x->function);
    end_entry(e, start);
    return llvm;
}

/* ---- the entry for arrays with strides ----------------------------------------------------- */

static void fill_nothing(Emitter *e, const void *user) {
    (void)e, (void)user;
}

static void fail_if_status(Emitter *e, LLVMValueRef status) {
    fail_if(e, is_not_zero(e, status), fill_nothing, NULL);
}

static void take_array(Emitter *e, const Value *array, const char *name, LLVMValueRef descriptor, bool written) {
    LLVMValueRef arguments[] = {descriptor, int64(e, array->dtype), int64(e, array->rank), int64(e, written),
                                name_string(e, name)};
    fail_if_status(e, call_abi(e, "mnp_take", arguments, 5));
}

typedef struct {
    const char *name;
    int axis;
    LLVMValueRef have, wanted;
} Misfit;

static void fill_misfit(Emitter *e, const void *user) {
    const Misfit *misfit = user;
    LLVMValueRef arguments[] = {name_string(e, misfit->name), int64(e, misfit->axis), misfit->have, misfit->wanted};
    call_abi(e, "mnp_bad_shape", arguments, 4);
}

static void require_shape(Emitter *e, const Value *array, const char *name, LLVMValueRef descriptor) {
    for (int axis = 0; axis < array->rank; axis++) {
        LLVMValueRef overflow, wanted = emit_size_checked(e, array->shape[axis], &overflow);
        Misfit misfit = {name, axis, load_member(e, descriptor, 3, axis), wanted};
        LLVMValueRef differs = LLVMBuildICmp(e->builder, LLVMIntNE, misfit.have, wanted, "");
        fail_if(e, LLVMBuildOr(e->builder, differs, overflow, ""), fill_misfit, &misfit);
    }
}

static void fill_negative(Emitter *e, const void *user) {
    const Misfit *misfit = user;
    LLVMValueRef arguments[] = {name_string(e, misfit->name), misfit->have};
    call_abi(e, "mnp_bad_size", arguments, 2);
}

/* The sizes, from the shapes. */
static void find_sizes(Emitter *e, const Entry *x) {
    for (int i = 0; i < x->interface->parameter_count; i++) {
        const CParameter *parameter = &x->interface->parameters[i];
        if (!parameter->size)
            continue;
        LLVMValueRef size = emit_size(e, parameter->size);
        set(e, parameter->value, size, NULL);
        Misfit misfit = {parameter->value->name, 0, size, NULL};
        fail_if(e, LLVMBuildICmp(e->builder, LLVMIntSLT, size, int64(e, 0), ""), fill_negative, &misfit);
    }
}

static void take_strided_parameters(Emitter *e, Entry *x, LLVMValueRef *descriptors) {
    unsigned at = 0;
    for (int i = 0; i < x->interface->parameter_count; i++) {
        const CParameter *parameter = &x->interface->parameters[i];
        const Value *value = parameter->value;
        descriptors[i] = NULL;
        if (parameter->size)
            continue;
        LLVMValueRef llvm = LLVMGetParam(e->llvm_function, at++);
        if (value->kind != VALUE_ARRAY) {
            set(e, value, value->kind == VALUE_SCALAR ? scalar_from_c(e, value->dtype, llvm) : llvm, NULL);
            continue;
        }
        descriptors[i] = llvm;
    }
    for (int i = 0; i < x->interface->result_count; i++)
        x->outs[i] = LLVMGetParam(e->llvm_function, at++);
}

static void open_arrays(Emitter *e, Entry *x, LLVMValueRef *descriptors) {
    for (int i = 0; i < x->interface->parameter_count; i++) {
        const CParameter *parameter = &x->interface->parameters[i];
        const Value *value = parameter->value;
        if (!descriptors[i])
            continue;
        take_array(e, value, value->name, descriptors[i], function_writes(x->function, value));
        set(e, value, load_member(e, descriptors[i], 0, 0), pointer_null(e));
        for (int axis = 0; axis < value->rank; axis++) {
            set(e, parameter->axes[axis], load_member(e, descriptors[i], 3, axis), NULL);
            x->strides[i][axis] = load_member(e, descriptors[i], 4, axis);
        }
    }
    find_sizes(e, x);
    for (int i = 0; i < x->interface->parameter_count; i++)
        if (descriptors[i])
            require_shape(e, x->interface->parameters[i].value, x->interface->parameters[i].value->name, descriptors[i]);
    for (int i = 0; i < x->interface->result_count; i++) {
        const CResult *result = &x->interface->results[i];
        if (result->value->kind != VALUE_ARRAY || !result->known)
            continue;
        take_array(e, result->value, out_name(e, x, i), x->outs[i], true);
        require_shape(e, result->value, out_name(e, x, i), x->outs[i]);
    }
}

static LLVMValueRef all_packed(Emitter *e, const Entry *x, LLVMValueRef *descriptors) {
    LLVMValueRef all = constant_bool(e, true);
    for (int i = 0; i < x->interface->parameter_count; i++)
        if (descriptors[i])
            all = LLVMBuildAnd(e->builder, all, is_not_zero(e, call_abi(e, "mnp_is_packed", &descriptors[i], 1)), "");
    for (int i = 0; i < x->interface->result_count; i++)
        if (x->interface->results[i].value->kind == VALUE_ARRAY && x->interface->results[i].known)
            all = LLVMBuildAnd(e->builder, all,
                               is_not_zero(e, call_abi(e, "mnp_is_packed", (LLVMValueRef *)&x->outs[i], 1)), "");
    return all;
}

/* Everything lies in C order: the other entry does the work. `outs` are the pointers that it takes. */
static LLVMValueRef call_plain_entry(Emitter *e, const Entry *x, LLVMValueRef plain, const LLVMValueRef *outs) {
    LLVMValueRef *arguments = room_for_values(e, x);
    unsigned count = 0;
    for (int i = 0; i < x->interface->parameter_count; i++) {
        const Value *value = x->interface->parameters[i].value;
        LLVMValueRef llvm = get(e, value).value;
        llvm = value->kind == VALUE_SCALAR ? scalar_to_c(e, value->dtype, llvm) : llvm;
        arguments[count++] = llvm;
    }
    for (int i = 0; i < x->interface->result_count; i++)
        arguments[count++] = outs[i];
    return LLVMBuildCall2(e->builder, LLVMGlobalGetValueType(plain), plain, arguments, count, "");
}

static void call_packed(Emitter *e, const Entry *x, LLVMValueRef plain) {
    LLVMValueRef *outs = room_for_values(e, x);
    for (int i = 0; i < x->interface->result_count; i++) {
        const CResult *result = &x->interface->results[i];
        bool array = result->value->kind == VALUE_ARRAY && result->known;
        outs[i] = array ? load_member(e, x->outs[i], 0, 0) : x->outs[i];
    }
    LLVMBuildRet(e->builder, call_plain_entry(e, x, plain, outs));
}

/* Without array parameters there is no general body: results go through memory of ours. */
static void call_unpacked(Emitter *e, const Entry *x, LLVMValueRef plain) {
    LLVMValueRef *outs = room_for_values(e, x), overflow;
    LLVMTypeRef pointer = pointer_type(e), i32 = LLVMInt32TypeInContext(e->context);
    LLVMValueRef status = stack_slot(e, i32, "status"), got = LLVMConstNull(i32);
    for (int i = 0; i < x->interface->result_count; i++) {
        const CResult *result = &x->interface->results[i];
        outs[i] = x->outs[i];
        if (result->value->kind != VALUE_ARRAY || !result->known)
            continue;
        LLVMValueRef slot = stack_slot(e, pointer, "buffer");
        LLVMBuildStore(e->builder, pointer_null(e), slot);
        LLVMValueRef arguments[] = {slot, bytes_of(e, result->value, &overflow), int64(e, 0)};
        got = LLVMBuildOr(e->builder, got, call_abi(e, "mnp_alloc", arguments, 3), "");
        outs[i] = LLVMBuildLoad2(e->builder, pointer, slot, "");
    }
    LLVMBuildStore(e->builder, got, status);
    LLVMBasicBlockRef full = new_block(e, "full"), good = new_block(e, "copy"), after = new_block(e, "after");
    LLVMBuildCondBr(e->builder, is_not_zero(e, got), after, full);
    LLVMPositionBuilderAtEnd(e->builder, full);
    LLVMValueRef done = call_plain_entry(e, x, plain, outs);
    LLVMBuildStore(e->builder, done, status);
    LLVMBuildCondBr(e->builder, is_not_zero(e, done), after, good);
    LLVMPositionBuilderAtEnd(e->builder, good);
    for (int i = 0; i < x->interface->result_count; i++)
        if (outs[i] != x->outs[i])
            call_abi(e, "mnp_copy",
                     (LLVMValueRef[]){x->outs[i], describe_out(e, x->interface->results[i].value, outs[i])}, 2);
    LLVMBuildBr(e->builder, after);
    LLVMPositionBuilderAtEnd(e->builder, after);
    for (int i = 0; i < x->interface->result_count; i++)
        if (outs[i] != x->outs[i])
            call_abi(e, "mnp_release", &outs[i], 1);
    LLVMBuildRet(e->builder, LLVMBuildLoad2(e->builder, i32, status, ""));
}

static void emit_strided_entry(Emitter *e, Entry *x, LLVMValueRef plain, const char *name) {
    LLVMTypeRef *types = ARENA_ARRAY(e->arena, LLVMTypeRef, x->room);
    LLVMBasicBlockRef start, packed, unpacked;
    unsigned count = 0;
    for (int i = 0; i < x->interface->parameter_count; i++)
        if (!x->interface->parameters[i].size)
            types[count++] = c_type(e, x->interface->parameters[i].value);
    for (int i = 0; i < x->interface->result_count; i++)
        types[count++] = pointer_type(e);
    x->strided = true;
    start_entry(e, x->function, name, types, count, &start);
    LLVMValueRef *descriptors = ARENA_ARRAY(e->arena, LLVMValueRef, x->interface->parameter_count + 1);
    take_strided_parameters(e, x, descriptors);
    clear_owned(e, x);
    open_arrays(e, x, descriptors);
    packed = new_block(e, "packed");
    unpacked = new_block(e, "unpacked");
    LLVMBuildCondBr(e->builder, all_packed(e, x, descriptors), packed, unpacked);
    LLVMPositionBuilderAtEnd(e->builder, packed);
    call_packed(e, x, plain);
    LLVMPositionBuilderAtEnd(e->builder, unpacked);
    if (x->function->general)
        call_body(e, x, x->function->general);
    else
        call_unpacked(e, x, plain);
    end_entry(e, start);
}

bool export_has_arrays(const Interface *interface) {
    bool arrays = false;
    for (int i = 0; i < interface->parameter_count; i++)
        arrays |= interface->parameters[i].value->kind == VALUE_ARRAY;
    for (int i = 0; i < interface->result_count; i++)
        arrays |= interface->results[i].value->kind == VALUE_ARRAY && interface->results[i].known;
    return arrays;
}

void emit_export(Emitter *e, const Function *function) {
    const Function *general = function->general ? function->general : function;
    Entry entry = {.function = function, .interface = function->interface};
    entry.room = 2 * (general->parameters.count + function->parameters.count + function->results.count) + 1;
    entry.outs = room_for_values(e, &entry);
    entry.strides = arena_alloc(e->arena, sizeof *entry.strides * (size_t)(entry.interface->parameter_count + 1));
    LLVMValueRef plain = emit_plain_entry(e, &entry, c_name(e->arena, e->source, function->c_name, ""));
    if (export_has_arrays(entry.interface))
        emit_strided_entry(e, &entry, plain, c_name(e->arena, e->source, function->c_name, "_strided"));
}

void emit_main(Emitter *e, const Function *function) {
    LLVMTypeRef i32 = LLVMInt32TypeInContext(e->context);
    LLVMTypeRef types[] = {i32, LLVMPointerTypeInContext(e->context, 0)};
    e->llvm_function = LLVMAddFunction(e->module, "main", LLVMFunctionType(i32, types, 2, false));
    e->entry = new_block(e, "entry");
    LLVMPositionBuilderAtEnd(e->builder, e->entry);
    LLVMValueRef arguments[] = {LLVMGetParam(e->llvm_function, 0), LLVMGetParam(e->llvm_function, 1)};
    call_abi(e, "mnp_start", arguments, 2);
    LLVMValueRef status =
        LLVMBuildCall2(e->builder, internal_type(e, function), function_value(e, function), NULL, 0, "");
    LLVMBuildRet(e->builder, call_abi(e, "mnp_finish", &status, 1));
}
