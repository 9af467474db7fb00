/* words.c: the vocabulary of the text form. */
#include "nest/text.h"

#include <ctype.h>

/* Words that stand where a name could; all others come where none can. */
static const char *const reserved[] = {
    "for", "while", "if", "else", "version", "plain", "test", "pairwise", "check", "that", "fits", "index", "alloc",
    "view", "reshape", "retain", "release", "call", "runtime", "cell", "break", "continue", "return", "fail", "yield",
    "pass", "given", "size", "min", "max", "True", "False", "inf", "nan", "always",
};

bool text_is_reserved(const char *word) {
    DType dtype;
    Op op;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (!strcmp(word, reserved[i]))
            return true;
    return op_by_text(word, &op) || dtype_by_name(word, &dtype);
}

bool text_is_name(const char *name) {
    unsigned char first = (unsigned char)*name;
    if (!isalpha(first) && first != '_' && first < 128)
        return false;
    for (const char *c = name; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '.' && (unsigned char)*c < 128)
            return false;
    return !text_is_reserved(name);
}

bool text_is_infix(Op op) {
    return op_info(op)->arity == 2 &&
           (!isalpha((unsigned char)*op_info(op)->text) || op == OP_LOGICAL_AND || op == OP_LOGICAL_OR);
}

DType text_result_dtype(Op op, Value *const *operands) {
    OpRule rule = op_info(op)->rule;
    if (rule == RULE_COMPARE || rule == RULE_LOGIC || rule == RULE_TEST || rule == RULE_SIGNBIT)
        return DTYPE_BOOL;
    if (rule == RULE_EXPONENT || rule == RULE_COUNT)
        return rule == RULE_COUNT ? DTYPE_U8 : DTYPE_I32;
    if (rule == RULE_REAL)
        return dtype_real(operands[0]->dtype);
    if (op == OP_COMPLEX)
        return operands[0]->dtype == DTYPE_F32 ? DTYPE_C64 : DTYPE_C128;
    return operands[op == OP_SELECT]->dtype;
}

static const char *const failures[] = {
#define FAILURE(name, exception, text) #name,
#include "../../runtime/failures.def"
#undef FAILURE
};

const char *text_failure(int failure) {
    return failures[failure];
}

int text_failure_by_name(const char *name) {
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (!strcmp(name, failures[i]))
            return (int)i;
    return -1;
}

static Values one(Value *const *value) {
    return (Values){.data = (Value **)value, .count = *value != NULL};
}

Values text_operands(const Node *node) {
    switch (node->kind) {
    case NODE_LET: return (Values){.data = (Value **)node->as.let.operands, .count = op_info(node->as.let.op)->arity};
    case NODE_STORE: return one(&node->as.store.value);
    case NODE_FOR: return node->as.loop.init;
    case NODE_WHILE: return node->as.whilst.init;
    case NODE_IF: return one(&node->as.branch.test);
    case NODE_CHECK: return one(&node->as.check.cond);
    case NODE_CALL: return node->as.call.arguments;
    case NODE_RUNTIME: return node->as.runtime.arguments;
    case NODE_CELL_SET: return one(&node->as.cell.value);
    case NODE_EXIT: return node->as.exit.values;
    case NODE_CONST: case NODE_STRING: case NODE_SIZE: case NODE_LOAD: case NODE_REDUCE: case NODE_VERSION:
    case NODE_ALLOC: case NODE_VIEW: case NODE_RETAIN: case NODE_RELEASE: case NODE_CELL_GET:
        return (Values){0};
    }
    return (Values){0};
}

Atom *text_view_axis(int j) {
    static Atom *axes[RANK_MAX];
    if (!axes[j])
        axes[j] = atom_var((const char[]){'$', (char)('0' + j), 0});
    return axes[j];
}
