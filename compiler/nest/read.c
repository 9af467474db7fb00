/* read.c: the text form (print.c) back to a module.
 *
 * The headers of all functions are read first, then their bodies: calls may go forward. Names are looked up in one
 * table a function; that definitions dominate uses, that kinds and dtypes fit and the like is left to the verifier,
 * which is asked at the end, so that whatever comes out of here is sound. Sizes are in read_size.c, expressions in
 * read_value.c, tokens in lex.c. */
#include "nest/read.h"

#include <stdlib.h>

typedef struct {
    Function *function;
    Lexer body;                /* behind the header */
    VEC(Binding) names;        /* of parameters and results */
} Header;

static void read_block(Reader *r, Region *region);

/* ---- loops --------------------------------------------------------------------------------- */

/* Label counters go on behind the labels that are taken. */
static void take_label(Reader *r, Name label) {
    Function *function = r->b.function;
    size_t stem = strcspn(label, ".");
    char *end;
    long suffix = label[stem] ? strtol(label + stem + 1, &end, 10) : 0;
    Name root = name_intern(label, stem);
    int used = 0;
    for (int i = 0; i < function->labels.count; i++)
        used += function->labels.data[i] == root;
    for (; used <= suffix && suffix < 1 << 20; used++)
        VEC_PUSH(r->arena, function->labels, root);
}

/* A loop's variable is called as the loop is. */
static Value *read_loop_variable(Reader *r) {
    Value *iv = define_value(r);
    if (!iv->name)
        read_fail(r, "a loop's variable has a name");
    iv->dtype = DTYPE_I64;
    iv->is_iv = true;
    take_label(r, iv->name);
    return iv;
}

static Values no_values;

static void read_carry(Reader *r, Values *heads, Values *init) {
    if (accept(r, "carry")) {
        define_values(r, heads, ":");
        if (!heads->count)
            read_fail(r, "expected a name");
        do {
            Value *head = heads->data[init->count];
            head->is_head = true;
            lex_next(r);
            expect(r, ":");
            read_type(r, head);
            expect(r, "=");
            values_add(r->arena, init, read_expression(r));
        } while (init->count < heads->count && accept(r, ","));
    }
    if (init->count != heads->count)
        read_fail(r, "a carried value has a name, a type and a first value");
}

static void own_values(Node *node, Values *values) {
    for (int i = 0; i < values->count; i++)
        values->data[i]->node = node;
}

static Node *read_for(Reader *r) {
    Value *iv = read_loop_variable(r);
    Values heads = no_values, init = no_values;
    int64_t step = 1, width = 1;
    expect(r, "in");
    expect(r, "[");
    Size lo = read_size(r);
    expect(r, ",");
    Size hi = read_size(r);
    expect(r, ")");
    if (accept(r, "step"))
        step = read_integer(r, false);
    if (accept(r, "width"))
        width = read_integer(r, false);
    if (width < 1 || width > 1 << 10)
        read_fail(r, "a loop has at least one lane");
    bool masked = accept(r, "masked"), overlapped = accept(r, "overlapped");
    read_carry(r, &heads, &init);
    Node *node = node_new(&r->b, NODE_FOR);
    Region *body = region_new(r->b.function, node);
    node->as.loop.label = iv->name;
    node->as.loop.iv = iv;
    node->as.loop.lo = lo;
    node->as.loop.hi = hi;
    node->as.loop.step = step;
    node->as.loop.width = (int)width;
    node->as.loop.masked = masked;
    node->as.loop.overlapped = overlapped;
    node->as.loop.init = init;
    node->as.loop.heads = heads;
    node->as.loop.body = body;
    iv->node = node;
    own_values(node, &heads);
    read_block(r, body);
    return node;
}

static Node *read_while(Reader *r) {
    Name label = read_word(r);
    Values heads = no_values, init = no_values;
    int indent = r->lexer.token.indent;
    take_label(r, label);
    read_carry(r, &heads, &init);
    Node *node = node_new(&r->b, NODE_WHILE);
    node->as.whilst.label = label;
    node->as.whilst.init = init;
    node->as.whilst.heads = heads;
    node->as.whilst.head = region_new(r->b.function, node);
    node->as.whilst.body = region_new(r->b.function, node);
    own_values(node, &heads);
    read_block(r, node->as.whilst.head);
    if (r->lexer.token.indent != indent)
        read_fail(r, "expected the test of the loop");
    expect(r, "test");
    Builder outer = r->b;
    r->b.region = node->as.whilst.head;
    node->as.whilst.test = read_expression(r);
    r->b = outer;
    read_block(r, node->as.whilst.body);
    return node;
}

static Node *read_pairwise(Reader *r) {
    Op op;
    Name sign = name_intern(r->lexer.token.start, (size_t)r->lexer.token.length);
    if (!op_by_text(sign, &op))
        read_fail(r, "expected an operation");
    lex_next(r);
    expect(r, "for");
    Value *iv = read_loop_variable(r);
    expect(r, "in");
    expect(r, "[");
    if (read_integer(r, false) != 0)
        read_fail(r, "a pairwise sum begins at 0");
    expect(r, ",");
    Size count = read_size(r);
    expect(r, ")");
    Node *node = node_new(&r->b, NODE_REDUCE);
    node->as.reduce.label = iv->name;
    node->as.reduce.op = op;
    node->as.reduce.iv = iv;
    node->as.reduce.count = count;
    node->as.reduce.body = region_new(r->b.function, node);
    iv->node = node;
    read_block(r, node->as.reduce.body);
    return node;
}

/* ---- branches ------------------------------------------------------------------------------ */

static Node *read_if(Reader *r) {
    int indent = r->lexer.token.indent;
    Value *test = read_expression(r);
    Node *node = node_new(&r->b, NODE_IF);
    node->as.branch.test = test;
    node->as.branch.then = region_new(r->b.function, node);
    node->as.branch.otherwise = region_new(r->b.function, node);
    read_block(r, node->as.branch.then);
    if (r->lexer.token.indent != indent || !accept(r, "else"))
        return node;
    read_block(r, node->as.branch.otherwise);
    return node;
}

static Goal read_goal(Reader *r) {
    Goal goal = {.size = read_size(r)};
    if (accept(r, "=="))
        goal.kind = FACT_EQ;
    else if (accept(r, "!="))
        goal.kind = FACT_NE;
    else
        expect(r, ">=");
    if (read_integer(r, false) != 0)
        read_fail(r, "sizes are compared with 0");
    return goal;
}

static Node *read_version(Reader *r) {
    VEC(Goal) goals = {0};
    int indent = r->lexer.token.indent;
    if (!accept(r, "always"))
        do
            VEC_PUSH(r->arena, goals, read_goal(r));
        while (accept(r, "and"));
    Node *node = node_new(&r->b, NODE_VERSION);
    node->as.version.goals = goals.data;
    node->as.version.goal_count = goals.count;
    node->as.version.fast = region_new(r->b.function, node);
    node->as.version.plain = region_new(r->b.function, node);
    Lexer start = r->lexer;
    expect(r, ":");
    node->as.version.why = r->lexer.words;
    r->lexer = start;
    read_block(r, node->as.version.fast);
    if (r->lexer.token.indent != indent)
        read_fail(r, "expected `plain`");
    expect(r, "plain");
    read_block(r, node->as.version.plain);
    return node;
}

/* ---- checks and exits ---------------------------------------------------------------------- */

static void read_condition(Reader *r, Node *check) {
    static const CheckKind kinds[] = {[FACT_GE] = CHECK_GE, [FACT_EQ] = CHECK_EQ, [FACT_NE] = CHECK_NE};
    if (accept(r, "index")) {
        check->as.check.kind = CHECK_INDEX;
        check->as.check.size = read_size(r);
        expect(r, "of");
        check->as.check.bound = read_size(r);
    } else if (accept(r, "fits")) {
        check->as.check.kind = CHECK_FITS;
        check->as.check.size = read_size(r);
    } else {
        Goal goal = read_goal(r);
        check->as.check.kind = kinds[goal.kind];
        check->as.check.size = goal.size;
    }
}

static void read_failure(Reader *r, Node *check) {
    expect(r, "else");
    check->as.check.failure = text_failure_by_name(read_word(r));
    if (check->as.check.failure < 0)
        read_fail(r, "no failure is called so");
    if (!accept(r, "("))
        return;
    for (int i = 0; i == 0 || accept(r, ","); i++) {
        if (i == 3)
            read_fail(r, "a message has at most three numbers");
        check->as.check.values[i] = accept(r, "_") ? NULL : read_size(r);
    }
    expect(r, ")");
}

static Node *read_check(Reader *r) {
    Value *cond = accept(r, "that") ? read_expression(r) : NULL;
    Node *node = node_new(&r->b, NODE_CHECK);
    node->as.check.kind = CHECK_TRUE;
    node->as.check.cond = cond;
    if (!cond)
        read_condition(r, node);
    read_failure(r, node);
    expect_line_end(r);
    node->as.check.what = r->lexer.words;
    return node;
}

static Node *enclosing_loop(Reader *r, Name label) {
    for (Node *node = r->b.region->parent; node; node = node->region->parent)
        if ((node->kind == NODE_FOR && node->as.loop.label == label) ||
            (node->kind == NODE_WHILE && node->as.whilst.label == label))
            return node;
    read_fail(r, "no loop around it is called %s", label);
}

static Node *read_exit(Reader *r, ExitKind kind) {
    Values values = no_values;
    Node *target = kind == EXIT_BREAK || kind == EXIT_CONTINUE ? enclosing_loop(r, read_word(r)) : NULL;
    Name exception = kind == EXIT_FAIL ? read_word(r) : NULL;
    if (kind == EXIT_RETURN ? r->lexer.token.kind != TOKEN_LINE_END : accept(r, ":"))
        read_expressions(r, &values);
    Node *node = node_new(&r->b, NODE_EXIT);
    node->as.exit.kind = kind;
    node->as.exit.target = target;
    node->as.exit.exception = exception;
    node->as.exit.values = values;
    return node;
}

/* ---- memory and calls ---------------------------------------------------------------------- */

static Value *read_array(Reader *r) {
    Value *array = read_value(r);
    if (array->kind != VALUE_ARRAY)
        read_fail(r, "an array is needed here");
    return array;
}

static void check_rank(Reader *r, const Value *array, int count) {
    if (count != array->rank)
        read_fail(r, "%d indices for %d axes", count, array->rank);
}

/* Axis k of the base gets start[k], and step[j] times the index of each axis j of the view that runs along it. */
static void split_view_index(Reader *r, Node *node, int k, Size index, int rank) {
    for (int j = 0; j < rank; j++) {
        Size step, rest;
        int64_t value;
        if (!size_affine_in(index, text_view_axis(j), &step, &rest))
            read_fail(r, "a view's index is affine in its axes");
        index = rest;
        if (size_is_const(step, &value) && value == 0)
            continue;
        if (node->as.view.axis[j] >= 0)
            read_fail(r, "an axis of a view runs along two axes");
        node->as.view.axis[j] = k;
        node->as.view.step[j] = step;
    }
    node->as.view.start[k] = index;
}

static void no_view_axis(Atom *atom, void *user) {
    if (!atom->owner && *atom->name == '$')
        read_fail(user, "an axis that the view does not have");
}

static Node *read_view(Reader *r, const Values *results) {
    Value *base = read_array(r);
    Size index[RANK_MAX];
    int rank = results->count == 1 && results->data[0]->kind == VALUE_ARRAY ? results->data[0]->rank : -1;
    expect(r, "[");
    check_rank(r, base, read_sizes(r, "]", index));
    if (rank < 0)
        read_fail(r, "a view is an array");
    Node *node = node_new(&r->b, NODE_VIEW);
    node->as.view.base = base;
    for (int j = 0; j < rank; j++) {
        node->as.view.axis[j] = -1;
        node->as.view.step[j] = size_const(0);
    }
    for (int k = 0; k < base->rank; k++) {
        split_view_index(r, node, k, index[k], rank);
        size_variables(node->as.view.start[k], no_view_axis, r);
        for (int j = 0; j < rank; j++)
            size_variables(node->as.view.step[j], no_view_axis, r);
    }
    return node;
}

static Node *read_reshape(Reader *r) {
    Value *base = read_array(r);
    Node *node = node_new(&r->b, NODE_VIEW);
    node->as.view.kind = VIEW_RESHAPE;
    node->as.view.base = base;
    return node;
}

static Node *read_alloc(Reader *r) {
    Node *node = node_new(&r->b, NODE_ALLOC);
    node->as.alloc.zeroed = accept(r, "zeroed");
    node->as.alloc.stack = accept(r, "stack");
    return node;
}

static Node *read_count(Reader *r, NodeKind kind) {
    Value *array = read_array(r);
    Node *node = node_new(&r->b, kind);
    node->as.count.array = array;
    return node;
}

static Values read_arguments(Reader *r) {
    Values arguments = no_values;
    expect(r, "(");
    if (!at_word(r, ")"))
        read_expressions(r, &arguments);
    expect(r, ")");
    return arguments;
}

static Node *read_call(Reader *r) {
    Name name = read_word(r);
    Function *callee = module_find(r->module, name);
    if (!callee)
        read_fail(r, "no function is called %s", name);
    Values arguments = read_arguments(r);
    Node *node = node_new(&r->b, NODE_CALL);
    node->as.call.callee = callee;
    node->as.call.arguments = arguments;
    return node;
}

static Node *read_runtime(Reader *r) {
    Name symbol = read_word(r);
    Values arguments = read_arguments(r);
    Node *node = node_new(&r->b, NODE_RUNTIME);
    node->as.runtime.symbol = symbol;
    node->as.runtime.arguments = arguments;
    return node;
}

static Node *read_cell(Reader *r) {
    Name name = read_word(r);
    Cell *cell = r->module->cells;
    while (cell && cell->name != name)
        cell = cell->next;
    if (!cell)
        read_fail(r, "no cell is called %s", name);
    Value *value = accept(r, "=") ? read_expression(r) : NULL;
    Node *node = node_new(&r->b, value ? NODE_CELL_SET : NODE_CELL_GET);
    node->as.cell.cell = cell;
    node->as.cell.value = value;
    return node;
}

static Node *read_store(Reader *r) {
    Value *array = read_array(r);
    Size index[RANK_MAX];
    expect(r, "[");
    check_rank(r, array, read_sizes(r, "]", index));
    expect(r, "=");
    Value *value = read_expression(r);
    Node *node = node_new(&r->b, NODE_STORE);
    node->as.store.array = array;
    node->as.store.value = value;
    memcpy(node->as.store.index, index, sizeof(Size) * (size_t)array->rank);
    return node;
}

/* ---- statements and blocks ----------------------------------------------------------------- */

/* A node that begins with a word; NULL if the next token is none. */
static Node *read_worded(Reader *r, const Values *results) {
    static const char *const exits[] = {"break", "continue", "return", "fail"};
    if (accept(r, "for")) return read_for(r);
    if (accept(r, "while")) return read_while(r);
    if (accept(r, "if")) return read_if(r);
    if (accept(r, "version")) return read_version(r);
    if (accept(r, "pairwise")) return read_pairwise(r);
    if (accept(r, "check")) return read_check(r);
    if (accept(r, "alloc")) return read_alloc(r);
    if (accept(r, "view")) return read_view(r, results);
    if (accept(r, "reshape")) return read_reshape(r);
    if (accept(r, "retain")) return read_count(r, NODE_RETAIN);
    if (accept(r, "release")) return read_count(r, NODE_RELEASE);
    if (accept(r, "call")) return read_call(r);
    if (accept(r, "runtime")) return read_runtime(r);
    if (accept(r, "cell")) return read_cell(r);
    for (int kind = EXIT_BREAK; kind <= EXIT_FAIL; kind++)
        if (accept(r, exits[kind]))
            return read_exit(r, (ExitKind)kind);
    return NULL;
}

/* `a: f64, n: i64 = ...` */
static void read_definition(Reader *r) {
    Values results = no_values;
    define_values(r, &results, "=");
    for (int i = 0; i < results.count; i++) {
        if (i)
            expect(r, ",");
        lex_next(r);
        expect(r, ":");
        read_type(r, results.data[i]);
    }
    expect(r, "=");
    Node *node = read_worded(r, &results);
    if (!node) {
        read_result(r, results.count == 1 ? results.data[0] : NULL);
        return;
    }
    node->results = results;
    own_values(node, &results);
}

static bool is_compound(const Node *node) {
    Region *regions[2];
    return node && node_regions(node, regions);
}

static void read_statement(Reader *r) {
    static const Values none;
    Lexer start = r->lexer;
    r->b.span.start = (uint32_t)start.token.line;
    Node *node = read_worded(r, &none);
    if (!node) {
        if (start.token.kind != TOKEN_NAME)
            read_fail(r, "expected a statement, found `%.*s`", start.token.length > 60 ? 60 : start.token.length,
                      start.token.start);
        lex_next(r);
        bool defines = at_word(r, ":");
        r->lexer = start;
        if (defines)
            read_definition(r);
        else
            read_store(r);
        node = r->b.region->last;
    }
    if (is_compound(node))
        return;
    expect_line_end(r);
    lex_next(r);
}

/* The lines of a block, which are deeper than `outer`; the first one is at hand. */
static void read_lines(Reader *r, Region *region, int outer) {
    Builder before = r->b;
    int indent = r->lexer.token.indent;
    read_enter(r);
    if (r->lexer.token.kind == TOKEN_END || indent <= outer)
        read_fail(r, "expected a block, deeper than what it belongs to");
    r->b.region = region;
    while (r->lexer.token.kind != TOKEN_END && r->lexer.token.indent == indent && !region->yields.count) {
        if (accept(r, "yield")) {
            read_expressions(r, &region->yields);
        } else if (!accept(r, "pass")) {
            read_statement(r);
            continue;
        }
        expect_line_end(r);
        lex_next(r);
    }
    if (r->lexer.token.kind != TOKEN_END && r->lexer.token.indent > outer)
        read_fail(r, "a line that does not belong to the block before it");
    r->b = before;
    read_leave(r);
}

/* `:`, the end of the line, and a block. */
static void read_block(Reader *r, Region *region) {
    int outer = r->lexer.token.indent;
    expect(r, ":");
    expect_line_end(r);
    lex_next(r);
    read_lines(r, region, outer);
}

/* ---- functions ----------------------------------------------------------------------------- */

static void read_parameters(Reader *r, Function *function) {
    define_values(r, &function->parameters, ")");
    for (int i = 0; i < function->parameters.count; i++) {
        if (i)
            expect(r, ",");
        lex_next(r);
        expect(r, ":");
        if (accept(r, "out"))
            values_add(r->arena, &function->outs, function->parameters.data[i]);
        read_type(r, function->parameters.data[i]);
    }
    expect(r, ")");
}

static void read_results(Reader *r, Function *function) {
    expect(r, "(");
    define_values(r, &function->results, ")");
    for (int i = 0; i < function->results.count; i++) {
        if (i)
            expect(r, ",");
        lex_next(r);
        expect(r, ":");
        read_type(r, function->results.data[i]);
    }
    expect(r, ")");
}

static void read_facts(Reader *r, Function *function) {
    while (accept(r, "given")) {
        Goal goal = read_goal(r);
        expect_line_end(r);
        function->facts = facts_add(r->arena, function->facts, goal.kind, goal.size, r->lexer.words, (Span){0});
        lex_next(r);
    }
}

static void keep_names(Reader *r, Header *header) {
    for (int i = 0; i < r->binding_slots; i++)
        if (r->bindings[i].name)
            VEC_PUSH(r->arena, header->names, r->bindings[i]);
}

/* The name that follows `general` is looked up when all headers are read. */
static void read_header(Reader *r, Header *header, Name *general) {
    bool exported = accept(r, "exported"), apart = accept(r, "apart"), main = accept(r, "main");
    Span span = {0, (uint32_t)r->lexer.token.line, 0};
    expect(r, "function");
    Name name = read_word(r);
    if (module_find(r->module, name))
        read_fail(r, "two functions are called %s", name);
    Function *function = module_function(r->module, name, span);
    function->exported = exported;
    function->apart = apart;
    function->main = main;
    header->function = r->b.function = function;
    forget_names(r);
    expect(r, "(");
    read_parameters(r, function);
    if (accept(r, "->"))
        read_results(r, function);
    *general = accept(r, "general") ? read_word(r) : NULL;
    expect(r, ":");
    expect_line_end(r);
    header->body = r->lexer;
    keep_names(r, header);
    lex_next(r);
    while (r->lexer.token.kind != TOKEN_END && r->lexer.token.indent > 0)
        lex_next(r);
}

static void read_body(Reader *r, Header *header) {
    Function *function = header->function;
    forget_names(r);
    for (int i = 0; i < header->names.count; i++)
        bind_name(r, header->names.data[i].name, header->names.data[i].value);
    r->lexer = header->body;
    r->b = (Builder){function, function->body, NULL, {0}};
    lex_next(r);
    if (r->lexer.token.indent > 0)
        read_facts(r, function);
    read_lines(r, function->body, 0);
}

/* `cell name: f64[:, :]` */
static void read_cell_declaration(Reader *r) {
    Name name = read_word(r);
    DType dtype = DTYPE_U8;
    int rank = 0;
    expect(r, ":");
    Name type = read_word(r);
    ValueKind kind = strcmp(type, "ptr") ? VALUE_SCALAR : VALUE_POINTER;
    if (kind == VALUE_SCALAR && !dtype_by_name(type, &dtype))
        read_fail(r, "no dtype is called %s", type);
    if (accept(r, "[")) {
        kind = VALUE_ARRAY;
        for (; !accept(r, "]"); rank++) {
            if (rank)
                expect(r, ",");
            expect(r, ":");
        }
    }
    if (rank > RANK_MAX)
        read_fail(r, "more than %d axes", RANK_MAX);
    module_cell(r->module, name, kind, dtype, rank);
    expect_line_end(r);
    lex_next(r);
}

static void read_module(Reader *r) {
    VEC(Header) headers = {0};
    VEC(Name) generals = {0};
    r->lexer.token.kind = TOKEN_LINE_END;
    r->lexer.token.line = 1;
    lex_next(r);
    while (accept(r, "cell"))
        read_cell_declaration(r);
    while (r->lexer.token.kind != TOKEN_END) {
        Header header = {0};
        Name general;
        read_header(r, &header, &general);
        VEC_PUSH(r->arena, headers, header);
        VEC_PUSH(r->arena, generals, general);
    }
    for (int i = 0; i < headers.count; i++) {
        headers.data[i].function->general = generals.data[i] ? module_find(r->module, generals.data[i]) : NULL;
        if (generals.data[i] && !headers.data[i].function->general)
            read_fail(r, "no function is called %s", generals.data[i]);
        read_body(r, &headers.data[i]);
    }
}

Module *nest_read(const char *text, size_t length, ReadError *why) {
    Module *module = module_new("nest");
    Reader *r = ARENA_NEW(module->arena, Reader);
    const Node *where;
    r->lexer = (Lexer){.at = text, .end = text + length};
    r->arena = module->arena;
    r->module = module;
    r->why = why;
    why->text[0] = 0;
    if (setjmp(r->failed)) {
        arena_free(r->arena);
        return NULL;
    }
    read_module(r);
    number_values(r);
    const char *fault = nest_fault(module, &where);
    if (fault) {
        r->lexer.token.line = where ? (int)where->span.start : 0;
        read_fail(r, "%s", fault);
    }
    return module;
}
