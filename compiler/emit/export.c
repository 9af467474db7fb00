/* export.c: the C interface of a library's functions, and main() of a program. */
#include "emit/emitter.h"

/* Results in the caller's memory: arrays, without the sizes that come with them inside. */
static int array_extras(const Value *value) {
    return value->kind == VALUE_ARRAY ? value->rank : 0;
}

static LLVMValueRef bytes_of(Emitter *e, const Value *array) {
    Size count = size_const(dtype_info(array->dtype)->bytes);
    for (int axis = 0; axis < array->rank; axis++)
        count = size_mul(count, array->shape[axis]);
    return emit_size(e, count);
}

/* [a, a + n) and [b, b + m) share no byte. */
static LLVMValueRef disjoint(Emitter *e, LLVMValueRef a, LLVMValueRef n, LLVMValueRef b, LLVMValueRef m) {
    LLVMTypeRef i64 = LLVMInt64TypeInContext(e->context);
    LLVMValueRef x = LLVMBuildPtrToInt(e->builder, a, i64, ""), y = LLVMBuildPtrToInt(e->builder, b, i64, "");
    LLVMValueRef before = LLVMBuildICmp(e->builder, LLVMIntULE, LLVMBuildAdd(e->builder, x, n, ""), y, "");
    LLVMValueRef behind = LLVMBuildICmp(e->builder, LLVMIntULE, LLVMBuildAdd(e->builder, y, m, ""), x, "");
    return LLVMBuildOr(e->builder, before, behind, "");
}

static bool is_out(const Function *function, const Value *parameter) {
    for (int i = 0; i < function->outs.count; i++)
        if (function->outs.data[i] == parameter)
            return true;
    return false;
}

static bool writes(const Region *region, const Value *parameter) {
    for (const Node *node = region->first; node; node = node->next) {
        Region *regions[2];
        if (node->kind == NODE_STORE && value_root(node->as.store.array) == parameter)
            return true;
        for (int i = 0; node->kind == NODE_RUNTIME && !strcmp(node->as.runtime.symbol, "mnp_zero") &&
                        i < node->as.runtime.arguments.count; i++)
            if (value_root(node->as.runtime.arguments.data[i]) == parameter)
                return true;
        for (int i = 0; node->kind == NODE_CALL && i < node->as.call.arguments.count; i++) {
            Value *argument = node->as.call.arguments.data[i];
            if (argument->kind == VALUE_ARRAY && value_root(argument) == parameter)
                return true;
        }
        for (int i = 0, count = node_regions(node, regions); i < count; i++)
            if (writes(regions[i], parameter))
                return true;
    }
    return false;
}

typedef struct {
    const Function *function;
    LLVMValueRef llvm;
    LLVMValueRef outs[64];       /* the caller's memory, a result each */
    int out_count;
} Export;

/* True (an i1) if what is written shares no memory with anything else. */
static LLVMValueRef arrays_apart(Emitter *e, const Export *x) {
    const Values *parameters = &x->function->parameters;
    LLVMValueRef all = LLVMConstInt(LLVMInt1TypeInContext(e->context), 1, false);
    for (int i = 0; i < parameters->count; i++) {
        const Value *a = parameters->data[i];
        if (a->kind != VALUE_ARRAY || !writes(x->function->body, a))
            continue;
        for (int j = 0; j < parameters->count; j++) {
            const Value *b = parameters->data[j];
            if (b->kind != VALUE_ARRAY || b == a || (j < i && writes(x->function->body, b)))
                continue;
            LLVMValueRef one = disjoint(e, get(e, a).value, bytes_of(e, a), get(e, b).value, bytes_of(e, b));
            all = LLVMBuildAnd(e->builder, all, one, "");
        }
    }
    return all;
}

/* Calls a body with the wrapper's values and hands the results to the caller; returns the status. */
static void call_body(Emitter *e, const Export *x, const Function *body) {
    LLVMValueRef arguments[512], slots[256];
    LLVMTypeRef pointer = LLVMPointerTypeInContext(e->context, 0);
    unsigned count = 0;
    const Values *own = &x->function->parameters;
    int mine = 0;
    for (int i = 0; i < body->parameters.count; i++) {
        const Value *value = body->parameters.data[i];
        bool stride = body != x->function && value->kind == VALUE_SCALAR && value->name &&
                      !strcmp(value->name, "stride");
        if (stride) {
            const Value *array = own->data[mine];
            for (int k = mine; array->kind != VALUE_ARRAY; k++)
                array = own->data[k];
            int axis = 0;
            for (int k = i - 1; k >= 0 && body->parameters.data[k]->name &&
                            !strcmp(body->parameters.data[k]->name, "stride"); k--)
                axis++;
            arguments[count++] = emit_size(e, array->stride[axis]);
            continue;
        }
        arguments[count++] = get(e, own->data[mine]).value;
        if (own->data[mine++]->kind == VALUE_ARRAY)
            arguments[count++] = pointer_null(e);
    }
    for (int i = 0; i < body->results.count; i++) {
        const Value *value = body->results.data[i];
        LLVMTypeRef type = value->kind == VALUE_SCALAR ? type_of(e, value->dtype) : pointer;
        arguments[count++] = slots[i] = stack_slot(e, type, "result");
        if (value->kind == VALUE_ARRAY)
            arguments[count++] = stack_slot(e, pointer, "owner");
    }
    LLVMValueRef status =
        LLVMBuildCall2(e->builder, internal_type(e, body), function_value(e, body), arguments, count, "");
    LLVMBasicBlockRef good = new_block(e, "good"), bad = new_block(e, "bad");
    LLVMBuildCondBr(e->builder, LLVMBuildICmp(e->builder, LLVMIntEQ, status, LLVMConstNull(LLVMTypeOf(status)), ""),
                    good, bad);
    LLVMPositionBuilderAtEnd(e->builder, bad);
    LLVMBuildRet(e->builder, status);
    LLVMPositionBuilderAtEnd(e->builder, good);
    int out = x->out_count;
    for (int i = body->results.count - 1; i >= 0; i--) {
        const Value *value = body->results.data[i];
        bool extra = false;
        for (int k = i - 1; k >= 0 && !extra; k--)
            extra = body->results.data[k]->kind == VALUE_ARRAY && k + array_extras(body->results.data[k]) >= i;
        if (extra)
            continue;
        LLVMTypeRef type = value->kind == VALUE_SCALAR ? type_of(e, value->dtype) : pointer;
        LLVMValueRef result = LLVMBuildLoad2(e->builder, type, slots[i], "");
        out--;
        if (value->kind == VALUE_ARRAY) {
            const Value *known = x->function->results.count == body->results.count ? x->function->results.data[i] : value;
            LLVMBuildMemCpy(e->builder, x->outs[out], 1, result, 1, bytes_of(e, known));
            call_abi(e, "mnp_release", &result, 1);
        } else {
            if (value->dtype == DTYPE_BOOL)
                result = LLVMBuildZExt(e->builder, result, LLVMInt8TypeInContext(e->context), "");
            LLVMBuildStore(e->builder, result, x->outs[out]);
        }
    }
    LLVMBuildRet(e->builder, status);
}

static LLVMTypeRef c_type(Emitter *e, const Value *value) {
    if (value->kind != VALUE_SCALAR)
        return LLVMPointerTypeInContext(e->context, 0);
    return value->dtype == DTYPE_BOOL ? LLVMInt8TypeInContext(e->context) : type_of(e, value->dtype);
}

static int result_count(const Function *function) {
    int count = 0;
    for (int i = 0; i < function->results.count; i++, count++)
        i += array_extras(function->results.data[i]);
    return count;
}

void emit_export(Emitter *e, const Function *function) {
    LLVMTypeRef types[512], pointer = LLVMPointerTypeInContext(e->context, 0);
    Export x = {.function = function, .out_count = result_count(function)};
    unsigned count = 0;
    e->owned.count = 0;
    e->width = 1;
    for (int i = 0; i < function->parameters.count; i++)
        types[count++] = c_type(e, function->parameters.data[i]);
    for (int i = 0; i < x.out_count; i++)
        types[count++] = pointer;
    x.llvm = LLVMAddFunction(e->module, function->name,
                             LLVMFunctionType(LLVMInt32TypeInContext(e->context), types, count, false));
    e->function = function;
    e->llvm_function = x.llvm;
    e->entry = new_block(e, "entry");
    LLVMBasicBlockRef start = new_block(e, "start");
    LLVMPositionBuilderAtEnd(e->builder, start);
    unsigned at = 0;
    for (int i = 0; i < function->parameters.count; i++) {
        LLVMValueRef value = LLVMGetParam(x.llvm, at++);
        const Value *parameter = function->parameters.data[i];
        if (parameter->kind == VALUE_SCALAR && parameter->dtype == DTYPE_BOOL)
            value = LLVMBuildTrunc(e->builder, value, LLVMInt1TypeInContext(e->context), "");
        set(e, parameter, value, pointer_null(e));
    }
    for (int i = 0; i < x.out_count; i++)
        x.outs[i] = LLVMGetParam(x.llvm, at++);
    if (function->general) {
        LLVMBasicBlockRef fast = new_block(e, "apart"), slow = new_block(e, "general");
        LLVMBuildCondBr(e->builder, arrays_apart(e, &x), fast, slow);
        LLVMPositionBuilderAtEnd(e->builder, slow);
        Export general = x;
        /* Outs that are parameters of the fast body are results of the general one. */
        general.out_count = function->outs.count + x.out_count;
        for (int i = 0; i < function->outs.count; i++)
            general.outs[i] = get(e, function->outs.data[i]).value;
        for (int i = 0; i < x.out_count; i++)
            general.outs[function->outs.count + i] = x.outs[i];
        Function shapes = *function;
        shapes.results = function->general->results;
        for (int i = 0, out = 0; i < shapes.results.count; i++) {
            Value *result = shapes.results.data[i];
            if (result->kind == VALUE_ARRAY && out < function->outs.count)
                memcpy(result->shape, function->outs.data[out++]->shape, sizeof result->shape);
            else if (result->kind == VALUE_ARRAY && function->results.count == shapes.results.count)
                memcpy(result->shape, function->results.data[i]->shape, sizeof result->shape);
            i += array_extras(result);
        }
        general.function = &shapes;
        call_body(e, &general, function->general);
        LLVMPositionBuilderAtEnd(e->builder, fast);
    }
    call_body(e, &x, function);
    LLVMPositionBuilderAtEnd(e->builder, e->entry);
    LLVMBuildBr(e->builder, start);
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

/* ---- headers ------------------------------------------------------------------------------- */

static bool is_keyword(const char *name) {
    static const char *const words[] = {"auto", "double", "int", "struct", "long", "switch", "register", "char",
                                        "float", "short", "signed", "unsigned", "void", "static", "const", "new",
                                        "delete", "class", "this", "template", "default", "do", "goto", "enum",
                                        "union", "volatile", "extern", "typedef", "sizeof", "case", "inline", "bool"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(name, words[i]))
            return true;
    return false;
}

static void add_parameter(Text *text, const Function *function, const Value *value, bool out) {
    const char *underscore = value->name && is_keyword(value->name) ? "_" : "";
    const char *name = value->name ? value->name : "out";
    if (value->kind != VALUE_ARRAY) {
        text_printf(text, "%s %s%s", dtype_info(value->dtype)->c, name, underscore);
        return;
    }
    bool written = out || writes(function->body, value);
    text_printf(text, "%s%s *%s%s", written ? "" : "const ", dtype_info(value->dtype)->c, name, underscore);
}

static void add_shape(Text *text, const Value *value) {
    text_printf(text, "%s is ", value->name ? value->name : "out");
    for (int axis = 0; axis < value->rank; axis++) {
        text_printf(text, "%s", axis ? " by " : "");
        size_to_text(text, value->shape[axis]);
    }
}

static void add_prototype(Text *text, const Function *function) {
    bool first = true, shapes = false;
    text_printf(text, "/* ");
    for (int i = 0; i < function->parameters.count + function->results.count; i++) {
        const Value *value = i < function->parameters.count
                                 ? function->parameters.data[i]
                                 : function->results.data[i - function->parameters.count];
        if (value->kind != VALUE_ARRAY)
            continue;
        text_printf(text, "%s", shapes ? "; " : "");
        add_shape(text, value);
        shapes = true;
    }
    text_printf(text, "%s */\nint %s(", shapes ? ", C order" : "scalars only", function->name);
    for (int i = 0; i < function->parameters.count; i++, first = false) {
        text_printf(text, "%s", first ? "" : ", ");
        add_parameter(text, function, function->parameters.data[i], is_out(function, function->parameters.data[i]));
    }
    int out = 0, outs = result_count(function);
    for (int i = 0; i < function->results.count; i++, first = false) {
        const Value *value = function->results.data[i];
        char number[16] = "";
        if (outs > 1)
            snprintf(number, sizeof number, "%d", ++out);
        text_printf(text, "%s%s *out%s", first ? "" : ", ", dtype_info(value->dtype)->c, number);
        i += array_extras(value);
    }
    text_printf(text, "%s);\n\n", first ? "void" : "");
}

void emit_header(const Module *module, const char *name, Text *text) {
    char guard[128];
    size_t length = 0;
    for (const char *c = name; *c && length < 100; c++)
        guard[length++] = (char)((*c >= 'a' && *c <= 'z') ? *c - 32 : (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ? *c : '_');
    guard[length] = 0;
    text_printf(text, "/* Functions compiled from %s. Each returns 0, or 1 where it failed; mnp_last_error()\n"
                      " * then tells why. Results are written to the caller's memory. */\n"
                      "#ifndef MNP_%s_H\n#define MNP_%s_H\n\n#include <stdint.h>\n\n"
                      "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
                      "const char *mnp_last_error(void);\n\n",
                module->source_path, guard, guard);
    for (const Function *function = module->functions; function; function = function->next)
        if (function->exported)
            add_prototype(text, function);
    text_printf(text, "#ifdef __cplusplus\n}\n#endif\n#endif\n");
}
