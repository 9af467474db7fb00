/* print.c: the IR as text. Values that are used once, by the next expression, are printed in
 * place; loops read like Python's, types like the language's. */
#include "nest/nest.h"

#include <stdlib.h>

typedef struct {
    Text *text;
    int depth;
} Printer;

static void print_region(Printer *p, const Region *region);

static void line(Printer *p) {
    text_printf(p->text, "\n%*s", p->depth * 4, "");
}

static void print_name(Printer *p, const Value *value) {
    if (value->is_iv)
        text_printf(p->text, "%s", value->name);
    else
        text_printf(p->text, "%%%s%s%u", value->name ? value->name : "", value->name ? "." : "",
                    value->id);
}

static void print_size(Printer *p, Size size) {
    size_to_text(p->text, size);
}

static void print_sizes(Printer *p, const Size *sizes, int count) {
    for (int i = 0; i < count; i++) {
        text_printf(p->text, "%s", i ? ", " : "");
        print_size(p, sizes[i]);
    }
}

static void print_type(Printer *p, const Value *value) {
    if (value->kind == VALUE_POINTER) {
        text_printf(p->text, "ptr");
        return;
    }
    text_printf(p->text, "%s", dtype_info(value->dtype)->name);
    if (value->kind != VALUE_ARRAY)
        return;
    text_printf(p->text, "[");
    print_sizes(p, value->shape, value->rank);
    text_printf(p->text, "]");
    if (!value_is_contiguous(value)) {
        text_printf(p->text, " strides (");
        print_sizes(p, value->stride, value->rank);
        text_printf(p->text, ")");
    }
}

static void print_constant(Printer *p, DType dtype, Scalar value) {
    if (dtype_is_float(dtype))
        text_printf(p->text, "%s %.17g", dtype_info(dtype)->name, value.f);
    else
        text_printf(p->text, "%s %lld", dtype_info(dtype)->name, (long long)value.i);
}

static void print_values(Printer *p, const Values *values) {
    for (int i = 0; i < values->count; i++) {
        text_printf(p->text, "%s", i ? ", " : "");
        print_name(p, values->data[i]);
    }
}

static void print_definitions(Printer *p, const Values *values) {
    for (int i = 0; i < values->count; i++) {
        text_printf(p->text, "%s", i ? ", " : "");
        print_name(p, values->data[i]);
        text_printf(p->text, ": ");
        print_type(p, values->data[i]);
    }
    if (values->count)
        text_printf(p->text, " = ");
}

static void print_block(Printer *p, const Region *region) {
    p->depth++;
    print_region(p, region);
    p->depth--;
}

static void print_carry(Printer *p, const Values *heads, const Values *init) {
    for (int i = 0; i < heads->count; i++) {
        text_printf(p->text, "%s", i ? ", " : " carry ");
        print_name(p, heads->data[i]);
        text_printf(p->text, " = ");
        print_name(p, init->data[i]);
    }
    text_printf(p->text, ":");
}

static void print_for(Printer *p, const Node *node) {
    text_printf(p->text, "for %s in [", node->as.loop.label);
    print_size(p, node->as.loop.lo);
    text_printf(p->text, ", ");
    print_size(p, node->as.loop.hi);
    text_printf(p->text, ")");
    if (node->as.loop.step != 1)
        text_printf(p->text, " step %lld", (long long)node->as.loop.step);
    if (node->as.loop.width != 1)
        text_printf(p->text, " width %d%s", node->as.loop.width,
                    node->as.loop.masked ? " masked" : "");
    if (node->as.loop.overlapped)
        text_printf(p->text, " overlapped");
    print_carry(p, &node->as.loop.heads, &node->as.loop.init);
    print_block(p, node->as.loop.body);
}

static void print_goal(Printer *p, FactKind kind, Size size) {
    static const char *const relations[] = {" >= 0", " == 0", " != 0"};
    print_size(p, size);
    text_printf(p->text, "%s", relations[kind]);
}

static void print_check(Printer *p, const Node *node) {
    text_printf(p->text, "check ");
    switch (node->as.check.kind) {
    case CHECK_GE: print_goal(p, FACT_GE, node->as.check.size); break;
    case CHECK_EQ: print_goal(p, FACT_EQ, node->as.check.size); break;
    case CHECK_NE: print_goal(p, FACT_NE, node->as.check.size); break;
    case CHECK_INDEX:
        text_printf(p->text, "index ");
        print_size(p, node->as.check.size);
        text_printf(p->text, " of ");
        print_size(p, node->as.check.bound);
        break;
    case CHECK_FITS:
        text_printf(p->text, "fits (");
        print_size(p, node->as.check.a);
        text_printf(p->text, ") %s (", op_info(node->as.check.op)->text);
        print_size(p, node->as.check.b);
        text_printf(p->text, ")");
        break;
    case CHECK_TRUE: print_name(p, node->as.check.cond); break;
    }
    if (node->as.check.what)
        text_printf(p->text, "  # %s", node->as.check.what);
}

static void print_exit(Printer *p, const Node *node) {
    static const char *const words[] = {"break", "continue", "return", "fail"};
    text_printf(p->text, "%s ", words[node->as.exit.kind]);
    if (node->as.exit.target)
        text_printf(p->text, "%s ", node->as.exit.target->kind == NODE_FOR
                                        ? node->as.exit.target->as.loop.label
                                        : node->as.exit.target->as.whilst.label);
    if (node->as.exit.exception)
        text_printf(p->text, "%s ", node->as.exit.exception);
    print_values(p, &node->as.exit.values);
}

static void print_access(Printer *p, const Value *array, const Size *index) {
    print_name(p, array);
    text_printf(p->text, "[");
    print_sizes(p, index, array->rank);
    text_printf(p->text, "]");
}

static void print_view(Printer *p, const Node *node) {
    const Value *base = node->as.view.base, *result = node->results.data[0];
    text_printf(p->text, "%s ", node->as.view.kind == VIEW_RESHAPE ? "reshape" : "view");
    print_name(p, base);
    if (node->as.view.kind == VIEW_RESHAPE)
        return;
    text_printf(p->text, " start (");
    print_sizes(p, node->as.view.start, base->rank);
    text_printf(p->text, ") axes (");
    for (int j = 0; j < result->rank; j++) {
        text_printf(p->text, "%s%d*", j ? ", " : "", node->as.view.axis[j]);
        print_size(p, node->as.view.step[j]);
    }
    text_printf(p->text, ")");
}

static void print_let(Printer *p, const Node *node) {
    const OpInfo *info = op_info(node->as.let.op);
    text_printf(p->text, "%s(", info->text);
    for (int i = 0; i < info->arity; i++) {
        text_printf(p->text, "%s", i ? ", " : "");
        print_name(p, node->as.let.operands[i]);
    }
    text_printf(p->text, ")");
}

static void print_version(Printer *p, const Node *node) {
    text_printf(p->text, "version");
    for (int i = 0; i < node->as.version.goal_count; i++) {
        text_printf(p->text, i ? " and " : " ");
        print_goal(p, node->as.version.goals[i].kind, node->as.version.goals[i].size);
    }
    text_printf(p->text, ":  # %s", node->as.version.why);
    print_block(p, node->as.version.fast);
    line(p);
    text_printf(p->text, "plain:");
    print_block(p, node->as.version.plain);
}

static void print_node(Printer *p, const Node *node) {
    line(p);
    print_definitions(p, &node->results);
    switch (node->kind) {
    case NODE_CONST:
        print_constant(p, node->results.data[0]->dtype, node->as.constant.value);
        break;
    case NODE_STRING:
        text_printf(p->text, "string of %zu", node->as.string.length);
        break;
    case NODE_SIZE: print_size(p, node->as.size.size); break;
    case NODE_LET: print_let(p, node); break;
    case NODE_LOAD: print_access(p, node->as.load.array, node->as.load.index); break;
    case NODE_STORE:
        print_access(p, node->as.store.array, node->as.store.index);
        text_printf(p->text, " = ");
        print_name(p, node->as.store.value);
        break;
    case NODE_FOR: print_for(p, node); break;
    case NODE_WHILE:
        text_printf(p->text, "while %s", node->as.whilst.label);
        print_carry(p, &node->as.whilst.heads, &node->as.whilst.init);
        print_block(p, node->as.whilst.head);
        line(p);
        text_printf(p->text, "test ");
        print_name(p, node->as.whilst.test);
        text_printf(p->text, ":");
        print_block(p, node->as.whilst.body);
        break;
    case NODE_IF:
        text_printf(p->text, "if ");
        print_name(p, node->as.branch.test);
        text_printf(p->text, ":");
        print_block(p, node->as.branch.then);
        line(p);
        text_printf(p->text, "else:");
        print_block(p, node->as.branch.otherwise);
        break;
    case NODE_REDUCE:
        text_printf(p->text, "pairwise %s for %s in [0, ", op_info(node->as.reduce.op)->text,
                    node->as.reduce.label);
        print_size(p, node->as.reduce.count);
        text_printf(p->text, "):");
        print_block(p, node->as.reduce.body);
        break;
    case NODE_VERSION: print_version(p, node); break;
    case NODE_CHECK: print_check(p, node); break;
    case NODE_ALLOC: text_printf(p->text, "alloc%s", node->as.alloc.zeroed ? " zeroed" : ""); break;
    case NODE_VIEW: print_view(p, node); break;
    case NODE_RETAIN: text_printf(p->text, "retain "), print_name(p, node->as.count.array); break;
    case NODE_RELEASE: text_printf(p->text, "release "), print_name(p, node->as.count.array); break;
    case NODE_CALL:
        text_printf(p->text, "call %s(", node->as.call.callee->name);
        print_values(p, &node->as.call.arguments);
        text_printf(p->text, ")");
        break;
    case NODE_RUNTIME:
        text_printf(p->text, "%s(", node->as.runtime.symbol);
        print_values(p, &node->as.runtime.arguments);
        text_printf(p->text, ")");
        break;
    case NODE_CELL_GET: text_printf(p->text, "cell %s", node->as.cell.cell->name); break;
    case NODE_CELL_SET:
        text_printf(p->text, "cell %s = ", node->as.cell.cell->name);
        print_name(p, node->as.cell.value);
        break;
    case NODE_EXIT: print_exit(p, node); break;
    }
}

static void print_region(Printer *p, const Region *region) {
    for (const Node *node = region->first; node; node = node->next)
        print_node(p, node);
    if (region->yields.count) {
        line(p);
        text_printf(p->text, "yield ");
        print_values(p, &region->yields);
    } else if (!region->first) {
        line(p);
        text_printf(p->text, "pass");
    }
}

void nest_print_function(Text *text, const Function *function) {
    Printer p = {text, 0};
    text_printf(text, "%sfunction %s(", function->exported ? "exported " : "", function->name);
    for (int i = 0; i < function->parameters.count; i++) {
        text_printf(text, "%s", i ? ", " : "");
        print_name(&p, function->parameters.data[i]);
        text_printf(text, ": ");
        print_type(&p, function->parameters.data[i]);
    }
    text_printf(text, "):%s", function->apart ? "  # arrays are apart" : "");
    print_block(&p, function->body);
    text_printf(text, "\n\n");
}

void nest_print(FILE *file, const Module *module) {
    Text text = {0};
    for (const Function *function = module->functions; function; function = function->next)
        nest_print_function(&text, function);
    if (text.data)
        fwrite(text.data, 1, text.length, file);
    text_free(&text);
}
