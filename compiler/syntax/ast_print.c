/* ast_print.c: names of kinds and operators, a visitor of children, and the tree as text. */
#include "syntax/ast.h"

const char *ast_op_text(AstOp op) {
    static const char *const texts[] = {
        "+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^", "+", "-", "~", "not",
        "==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not", "and", "or"};
    return texts[op];
}

const char *ast_kind_name(AstKind kind) {
    static const char *const names[] = {
        "name", "int", "float", "imaginary", "string", "f-string", "None", "True", "False", "...",
        "tuple", "list", "set", "dict", "unary", "binary", "compare", "boolean", "conditional",
        "lambda", "call", "keyword", "starred", "double-starred", "index", "slice", "attribute",
        "comprehension", "walrus", "await", "yield", "expression", "assign", "annotated",
        "augmented", "return", "pass", "break", "continue", "import", "from-import", "assert",
        "raise", "del", "global", "nonlocal", "if", "while", "for", "with", "try", "match",
        "function", "class", "error", "parameter", "alias", "for-clause", "formatted", "handler",
        "with-item", "case", "dict-item"};
    return names[kind];
}

typedef void (*Visit)(const char *role, const Ast *child, void *user);

static void visit_one(const char *role, const Ast *child, Visit visit, void *user) {
    if (child)
        visit(role, child, user);
}

static void visit_list(const char *role, const Ast *list, Visit visit, void *user) {
    for (; list; list = list->next)
        visit(role, list, user);
}

#define ONE(role, child) visit_one(role, node->as.child, visit, user)
#define LIST(role, child) visit_list(role, node->as.child, visit, user)

static void visit_expression(const Ast *node, Visit visit, void *user) {
    switch ((int)node->kind) {
    case AST_FSTRING: LIST("part", fstring.parts); break;
    case AST_FORMATTED: ONE("value", formatted.value), ONE("format", formatted.format); break;
    case AST_TUPLE: case AST_LIST: case AST_SET: case AST_DICT: LIST("item", list.items); break;
    case AST_DICT_ITEM: ONE("key", dict_item.key), ONE("value", dict_item.value); break;
    case AST_UNARY: ONE("operand", unary.operand); break;
    case AST_BINARY: ONE("left", binary.left), ONE("right", binary.right); break;
    case AST_COMPARE: ONE("first", compare.first), LIST("then", compare.operands); break;
    case AST_BOOLEAN: LIST("operand", boolean.operands); break;
    case AST_CONDITIONAL:
        ONE("test", conditional.test), ONE("body", conditional.body);
        ONE("else", conditional.otherwise);
        break;
    case AST_LAMBDA: LIST("parameter", lambda.parameters), ONE("body", lambda.body); break;
    case AST_CALL: ONE("callee", call.callee), LIST("argument", call.arguments); break;
    case AST_KEYWORD: ONE("value", keyword.value); break;
    case AST_STARRED: case AST_DOUBLE_STARRED: case AST_AWAIT: case AST_YIELD:
        ONE("value", starred.value);
        break;
    case AST_INDEX: ONE("value", index.value), LIST("index", index.indices); break;
    case AST_SLICE:
        ONE("lower", slice.lower), ONE("upper", slice.upper), ONE("step", slice.step);
        break;
    case AST_ATTRIBUTE: ONE("value", attribute.value); break;
    case AST_COMPREHENSION:
        ONE("element", comprehension.element), ONE("value", comprehension.value);
        LIST("clause", comprehension.clauses);
        break;
    case AST_FOR_CLAUSE:
        ONE("target", for_clause.target), ONE("iterable", for_clause.iterable);
        LIST("condition", for_clause.conditions);
        break;
    case AST_WALRUS: ONE("target", walrus.target), ONE("value", walrus.value); break;
    default: break;
    }
}

static void visit_statement(const Ast *node, Visit visit, void *user) {
    switch ((int)node->kind) {
    case AST_EXPRESSION: case AST_RETURN: ONE("value", expression.value); break;
    case AST_ASSIGN: LIST("target", assign.targets), ONE("value", assign.value); break;
    case AST_ANNOTATED:
        ONE("target", annotated.target), ONE("annotation", annotated.annotation);
        ONE("value", annotated.value);
        break;
    case AST_AUGMENTED: ONE("target", augmented.target), ONE("value", augmented.value); break;
    case AST_IMPORT: case AST_FROM_IMPORT: LIST("alias", import.aliases); break;
    case AST_ASSERT: ONE("test", assertion.test), ONE("message", assertion.message); break;
    case AST_RAISE: ONE("value", raise.value), ONE("cause", raise.cause); break;
    case AST_DELETE: case AST_GLOBAL: case AST_NONLOCAL: LIST("name", names.items); break;
    case AST_IF: case AST_WHILE:
        ONE("test", branch.test), LIST("body", branch.body), LIST("else", branch.otherwise);
        break;
    case AST_FOR:
        ONE("target", loop.target), ONE("iterable", loop.iterable), LIST("body", loop.body);
        LIST("else", loop.otherwise);
        break;
    case AST_WITH: LIST("item", with.items), LIST("body", with.body); break;
    case AST_WITH_ITEM: ONE("value", with_item.value), ONE("target", with_item.target); break;
    case AST_TRY:
        LIST("body", attempt.body), LIST("handler", attempt.handlers);
        LIST("else", attempt.otherwise), LIST("finally", attempt.finally);
        break;
    case AST_HANDLER: ONE("type", handler.type), LIST("body", handler.body); break;
    case AST_MATCH: ONE("subject", match.subject), LIST("case", match.cases); break;
    case AST_CASE:
        ONE("pattern", match_case.pattern), ONE("guard", match_case.guard);
        LIST("body", match_case.body);
        break;
    case AST_FUNCTION:
        LIST("decorator", function.decorators), LIST("parameter", function.parameters);
        ONE("result", function.result), LIST("body", function.body);
        break;
    case AST_CLASS:
        LIST("decorator", class_.decorators), LIST("argument", class_.arguments);
        LIST("body", class_.body);
        break;
    case AST_PARAMETER:
        ONE("annotation", parameter.annotation), ONE("default", parameter.default_value);
        break;
    default: break;
    }
}

void ast_visit(const Ast *node, Visit visit, void *user) {
    visit_expression(node, visit, user);
    visit_statement(node, visit, user);
}

/* What a node says besides its kind and children. */
static void print_detail(FILE *file, const Ast *node) {
    switch ((int)node->kind) {
    case AST_NAME: fprintf(file, " %s", node->as.name.id); break;
    case AST_INT: fprintf(file, " %lld", (long long)node->as.integer.value); break;
    case AST_FLOAT: case AST_IMAGINARY: fprintf(file, " %.17g", node->as.number.value); break;
    case AST_STRING: fprintf(file, " %zu bytes", node->as.string.length); break;
    case AST_UNARY: fprintf(file, " %s", ast_op_text(node->as.unary.op)); break;
    case AST_BINARY: fprintf(file, " %s", ast_op_text(node->as.binary.op)); break;
    case AST_BOOLEAN: fprintf(file, " %s", ast_op_text(node->as.boolean.op)); break;
    case AST_AUGMENTED: fprintf(file, " %s=", ast_op_text(node->as.augmented.op)); break;
    case AST_ATTRIBUTE: fprintf(file, " .%s", node->as.attribute.name); break;
    case AST_KEYWORD: fprintf(file, " %s=", node->as.keyword.name); break;
    case AST_FUNCTION: fprintf(file, " %s", node->as.function.name); break;
    case AST_CLASS: fprintf(file, " %s", node->as.class_.name); break;
    case AST_ALIAS: fprintf(file, " %s", node->as.alias.path ? node->as.alias.path : "."); break;
    case AST_PARAMETER:
        fprintf(file, " %s", node->as.parameter.name ? node->as.parameter.name : "*");
        break;
    case AST_COMPARE:
        for (int i = 0; i < node->as.compare.count; i++)
            fprintf(file, " %s", ast_op_text(node->as.compare.ops[i]));
        break;
    default: break;
    }
}

typedef struct {
    FILE *file;
    int depth;
} Printer;

static void print_node(const char *role, const Ast *node, void *user) {
    Printer *printer = user;
    int line, column;
    source_place(node->span, &line, &column);
    fprintf(printer->file, "%*s%s%s%s", printer->depth * 2, "", role, *role ? ": " : "",
            ast_kind_name(node->kind));
    print_detail(printer->file, node);
    fprintf(printer->file, "  @%d:%d\n", line, column);
    printer->depth++;
    ast_visit(node, print_node, user);
    printer->depth--;
}

void ast_print(FILE *file, const Ast *statements) {
    Printer printer = {file, 0};
    for (; statements; statements = statements->next)
        print_node("", statements, &printer);
}
