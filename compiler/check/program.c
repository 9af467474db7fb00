/* program.c: the top level, annotations, and instances of functions.
 *
 * A function is checked once for each combination of kinds, dtypes, ranks and layouts that it is
 * called with; sizes stay symbolic. Start at check_program.
 */
#include "check/checker.h"

enum { INSTANCES_MAX = 500, CALL_DEPTH_MAX = 60 };

/* ---- annotations --------------------------------------------------------------------------- */

typedef struct {
    Scope *scope;
    Name *names;           /* size names so far, and their atoms */
    Atom **atoms;
    int count;
    Name owner;            /* the parameter whose annotation is read, or NULL */
} SizeNames;

enum { SIZE_NAMES_MAX = 32 };

static Size size_name(SizeNames *names, Name name) {
    for (int i = 0; i < names->count; i++)
        if (names->names[i] == name)
            return size_atom(names->atoms[i]);
    Atom *atom = atom_var(name);
    Scope *s = names->scope;
    s->facts = facts_ge(s->checker->arena, s->facts, size_atom(atom), size_const(0),
                        "sizes are not negative", (Span){0});
    if (names->count == SIZE_NAMES_MAX)
        return size_atom(atom);
    names->names[names->count] = name;
    names->atoms[names->count++] = atom;
    return size_atom(atom);
}

static bool annotated_size(SizeNames *names, const Ast *node, int axis, Size *size) {
    Size left, right;
    if (node->kind == AST_INT && !node->as.integer.too_big) {
        *size = size_const(node->as.integer.value);
        return true;
    }
    if (node->kind == AST_NAME) {
        *size = size_name(names, node->as.name.id);
        return true;
    }
    if (node->kind == AST_SLICE && !node->as.slice.lower && !node->as.slice.upper) {
        *size = size_fresh(names->owner ? arena_printf(names->scope->checker->arena, "%s_%d", names->owner, axis)
                                        : "size");
        names->scope->facts = facts_ge(names->scope->checker->arena, names->scope->facts, *size,
                                       size_const(0), "sizes are not negative", node->span);
        return true;
    }
    if (node->kind != AST_BINARY || !annotated_size(names, node->as.binary.left, axis, &left) ||
        !annotated_size(names, node->as.binary.right, axis, &right))
        return false;
    int64_t divisor;
    switch ((int)node->as.binary.op) {
    case AST_OP_ADD: *size = size_add(left, right); return true;
    case AST_OP_SUB: *size = size_sub(left, right); return true;
    case AST_OP_MUL: *size = size_mul(left, right); return true;
    case AST_OP_FLOORDIV:
    case AST_OP_MOD:
        if (!size_is_const(right, &divisor) || divisor == 0)
            return false;
        *size = node->as.binary.op == AST_OP_MOD ? size_mod(left, right) : size_floordiv(left, right);
        return true;
    default: return false;
    }
}

static bool scalar_annotation(Checker *c, const Ast *node, const Type **type) {
    DType dtype;
    if (node->kind == AST_NAME && !strcmp(node->as.name.id, "int"))
        *type = type_scalar(c, DTYPE_I64, true);
    else if (node->kind == AST_NAME && !strcmp(node->as.name.id, "float"))
        *type = type_scalar(c, DTYPE_F64, true);
    else if (node->kind == AST_NAME && !strcmp(node->as.name.id, "bool"))
        *type = type_scalar(c, DTYPE_BOOL, true);
    else if (node->kind == AST_NAME && dtype_by_name(node->as.name.id, &dtype))
        *type = type_scalar(c, dtype, false);
    else if (node->kind == AST_NAME && !strcmp(node->as.name.id, "str"))
        *type = type_simple(c, TYPE_STRING);
    else if (node->kind == AST_NONE)
        *type = type_simple(c, TYPE_NONE);
    else
        return false;
    return true;
}

static const Type *annotation(SizeNames *names, const Ast *node) {
    Checker *c = names->scope->checker;
    const Type *type, *item;
    Size shape[TYPED_RANK_MAX];
    int count = 0;
    if (scalar_annotation(c, node, &type))
        return type;
    bool tuple = node->kind == AST_INDEX && node->as.index.value->kind == AST_NAME &&
                 !strcmp(node->as.index.value->as.name.id, "tuple");
    if (tuple) {
        const Type **items = ARENA_ARRAY(c->arena, const Type *, node->as.index.count);
        for (const Ast *part = node->as.index.indices; part; part = part->next)
            if ((items[count++] = annotation(names, part))->kind == TYPE_POISON)
                return items[count - 1];
        return type_tuple(c, items, count);
    }
    if (node->kind == AST_INDEX && scalar_annotation(c, node->as.index.value, &item) &&
        item->kind == TYPE_SCALAR && node->as.index.count <= TYPED_RANK_MAX) {
        bool fine = true;
        for (const Ast *size = node->as.index.indices; size && fine; size = size->next)
            fine = annotated_size(names, size, count, &shape[count]), count++;
        if (fine)
            return type_array(c, item->dtype, count, shape, true);
    }
    Diag *diag = diag_error(node->span, DIAG_BAD_ANNOTATION, "this annotation names no type");
    diag_help(diag, "types are written as in f64, f64[n, m], f64[:, :], int, tuple[f64[n], int]");
    return type_simple(c, TYPE_POISON);
}

const Type *check_annotation(Scope *s, const Ast *node, Name **names, Atom ***atoms, int *count) {
    SizeNames local = {.scope = s};
    local.names = names ? *names : ARENA_ARRAY(s->checker->arena, Name, SIZE_NAMES_MAX);
    local.atoms = atoms ? *atoms : ARENA_ARRAY(s->checker->arena, Atom *, SIZE_NAMES_MAX);
    local.count = count ? *count : 0;
    const Type *type = annotation(&local, node);
    if (count)
        *count = local.count;
    return type;
}

/* ---- instances ----------------------------------------------------------------------------- */

typedef struct {
    Name names[SIZE_NAMES_MAX];
    Atom *atoms[SIZE_NAMES_MAX];
    int count;
} Signature;

/* Sizes that the caller chose, as this instance's own: small constants stay, the rest is fresh. */
static const Type *own_type(Scope *s, const Type *given, Name name) {
    Size shape[TYPED_RANK_MAX];
    if (given->kind != TYPE_ARRAY)
        return given;
    for (int axis = 0; axis < given->rank; axis++) {
        int64_t value;
        shape[axis] = given->shape[axis];
        if (size_is_const(shape[axis], &value) && value <= 16)
            continue;
        shape[axis] = size_fresh(arena_printf(s->checker->arena, "%s.%d", name, axis));
        s->facts = facts_ge(s->checker->arena, s->facts, shape[axis], size_const(0),
                            "sizes are not negative", (Span){0});
    }
    return type_array(s->checker, given->dtype, given->rank, shape, given->contiguous);
}

static void limit_sizes(Scope *s, const Type *type) {
    for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
        if (size_as_atom(type->shape[axis]))
            s->facts = facts_ge(s->checker->arena, s->facts, size_const(INT64_C(1) << 47),
                                type->shape[axis], "an axis has at most 2**47 elements", (Span){0});
}

static Variable *bind_parameter(Scope *s, const Ast *parameter, const Type *given,
                                SizeNames *names) {
    Name name = parameter->as.parameter.name;
    const Ast *noted = parameter->as.parameter.annotation;
    names->owner = name;
    const Type *type = noted ? annotation(names, noted) : own_type(s, given, name);
    names->owner = NULL;
    if (noted && type->kind == TYPE_ARRAY)
        type = type_array(s->checker, type->dtype, type->rank, type->shape, given->contiguous);
    if (noted && type->kind == TYPE_SCALAR && given->kind == TYPE_SCALAR)
        type = type_scalar(s->checker, type->dtype, given->weak && type->dtype == given->dtype
                                                        ? true
                                                        : type->weak && given->weak);
    Size size = NULL;
    for (int i = 0; i < names->count; i++)
        if (names->names[i] == name && type_is_python_int(type))
            size = size_atom(names->atoms[i]);
    limit_sizes(s, type);
    Variable *variable = variable_new(s, name, type, size, parameter->span);
    scope_bind(s, name, variable);
    /* A size of the same name is this parameter. */
    if (!size && type_is_python_int(type) && names->count < SIZE_NAMES_MAX) {
        names->names[names->count] = name;
        names->atoms[names->count++] = size_as_atom(variable->size);
    }
    return variable;
}

enum { EQUATIONS_MAX = 32 * TYPED_RANK_MAX };

/* Each size that an annotation names must follow from the arguments. */
static void require_known_sizes(Scope *s, const SizeNames *names, const Ast *definition) {
    const TFunction *function = s->function;
    Size shapes[EQUATIONS_MAX], values[EQUATIONS_MAX];
    Atom *atoms[EQUATIONS_MAX];
    int count = 0, known = 0;
    for (int i = 0; i < function->parameter_count; i++) {
        const Variable *variable = function->parameters[i];
        if (type_is_python_int(variable->type)) {
            atoms[known] = size_as_atom(variable->size);
            values[known++] = variable->size;
        }
        for (int axis = 0; variable->type->kind == TYPE_ARRAY && axis < variable->type->rank; axis++)
            shapes[count++] = variable->type->shape[axis];
    }
    known = size_solve(shapes, shapes, count, atoms, values, known, EQUATIONS_MAX);
    for (int i = 0; i < names->count; i++) {
        bool found = false;
        for (int k = 0; k < known && !found; k++)
            found = atoms[k] == names->atoms[i];
        if (!found)
            diag_unsupported(definition->as.function.name_span,
                             arena_printf(s->checker->arena, "the size '%s', which does not follow from the arguments",
                                          names->names[i]),
                             "a parameter that spells it plainly, or is an int of that name");
    }
}

bool size_is_open(const Scope *s, Size size) {
    Atom *atom = size ? size_as_atom(size) : NULL;
    return atom && atom->kind == ATOM_VAR && atom->id >= s->first_open;
}

/* The result's type: what the annotation promises, and what the body tells beyond that: sizes that the
 * annotation leaves open, and the layout. */
static const Type *promised_result(Scope *s, const Type *declared, const Type *found) {
    Size shape[TYPED_RANK_MAX];
    if (declared->kind == TYPE_TUPLE && found->kind == TYPE_TUPLE && found->count == declared->count) {
        const Type **items = ARENA_ARRAY(s->checker->arena, const Type *, declared->count);
        for (int i = 0; i < declared->count; i++)
            items[i] = promised_result(s, declared->items[i], found->items[i]);
        return type_tuple(s->checker, items, declared->count);
    }
    if (declared->kind != TYPE_ARRAY || found->kind != TYPE_ARRAY)
        return declared;
    for (int axis = 0; axis < declared->rank; axis++)
        shape[axis] = size_is_open(s, declared->shape[axis]) ? found->shape[axis] : declared->shape[axis];
    return type_array(s->checker, declared->dtype, declared->rank, shape, found->contiguous);
}

static bool is_external(const Ast *definition) {
    const Ast *body = definition->as.function.body;
    return body && !body->next && body->kind == AST_EXPRESSION && body->as.expression.value->kind == AST_ELLIPSIS;
}

static bool is_open_type(const Scope *s, const Type *type) {
    for (int i = 0; type->kind == TYPE_TUPLE && i < type->count; i++)
        if (is_open_type(s, type->items[i]))
            return true;
    for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++)
        if (size_is_open(s, type->shape[axis]))
            return true;
    return type->kind == TYPE_STRING;
}

/* A function of C has the types that its signature says. */
static void finish_external(Scope *s, const Ast *definition) {
    TFunction *function = s->function;
    function->external = true;
    function->result = s->declared ? s->declared : type_simple(s->checker, TYPE_NONE);
    for (const Ast *p = definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.kind == AST_PLAIN && !p->as.parameter.annotation)
            diag_error(p->span, DIAG_BAD_ANNOTATION, "a function of C says the type of each parameter");
    if (is_open_type(s, function->result))
        diag_unsupported(definition->as.function.result->span, "a result of C whose size the arguments do not tell",
                         "a size of the parameters");
}

static void check_body(Scope *s, FunctionEntry *entry) {
    TFunction *function = s->function;
    const Ast *definition = entry->definition;
    entry->checking = true;
    check_block(s, definition->as.function.body, &function->body);
    entry->checking = false;
    if (s->reachable && s->declared && s->declared->kind != TYPE_NONE && s->declared->kind != TYPE_POISON)
        diag_error(definition->as.function.name_span, DIAG_RETURN_MISMATCH,
                   "'%s' can end without the result that it promises", entry->name);
    if (s->reachable && function->result && function->result->kind != TYPE_NONE &&
        function->result->kind != TYPE_POISON && !s->declared)
        diag_unsupported(definition->as.function.name_span, "a function that returns on some paths only",
                         "a return at its end");
    if (s->declared && function->result && s->declared->kind == function->result->kind &&
        s->declared->kind != TYPE_SCALAR)
        function->result = promised_result(s, s->declared, function->result);
    if (!function->result)
        function->result = type_simple(s->checker, TYPE_NONE);
}

/* Sizes named in any annotation of the signature: reading them is an error with its own words. */
static TFunction *instance_new(Checker *c, FunctionEntry *entry, const Type *const *types,
                               int count) {
    TFunction *function = ARENA_NEW(c->arena, TFunction);
    const Ast *definition = entry->definition;
    function->name = entry->name;
    function->span = definition->span;
    function->parameter_count = count;
    function->parameters = ARENA_ARRAY(c->arena, Variable *, count);
    VEC_PUSH(c->arena, entry->instances, function);
    Scope s = {.checker = c, .function = function, .definition = definition, .reachable = true};
    SizeNames names = {.scope = &s, .names = ARENA_ARRAY(c->arena, Name, SIZE_NAMES_MAX),
                       .atoms = ARENA_ARRAY(c->arena, Atom *, SIZE_NAMES_MAX)};
    int k = 0;
    for (const Ast *p = definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.kind == AST_PLAIN)
            function->parameters[k] = bind_parameter(&s, p, types[k], &names), k++;
    require_known_sizes(&s, &names, definition);
    s.first_open = (uint32_t)atom_count();
    s.declared = definition->as.function.result ? annotation(&names, definition->as.function.result)
                                                : NULL;
    s.size_names = names.names;
    s.size_name_count = names.count;
    function->facts = s.facts;
    if (is_external(definition))
        finish_external(&s, definition);
    else
        check_body(&s, entry);
    *c->last_function = function;
    c->last_function = &function->next;
    return function;
}

static bool same_instance(const TFunction *function, const Type *const *types, int count) {
    for (int i = 0; i < count; i++) {
        const Type *have = function->parameters[i]->type, *want = types[i];
        bool same = have->kind == want->kind && have->dtype == want->dtype &&
                    have->rank == want->rank && have->weak == want->weak &&
                    have->contiguous == want->contiguous;
        for (int axis = 0; same && have->kind == TYPE_ARRAY && axis < have->rank; axis++) {
            int64_t value;
            bool constant = size_is_const(have->shape[axis], &value);
            same = !constant || have->shape[axis] == want->shape[axis];
            same = same && !(want->shape[axis] == size_const(1) && !constant);
        }
        if (!same)
            return false;
    }
    return true;
}

static TFunction *find_instance(Scope *s, FunctionEntry *entry, const Type *const *types,
                                int count, Span span) {
    Checker *c = s->checker;
    for (int i = 0; i < entry->instances.count; i++)
        /* What C calls relies on arrays that do not overlap; calls inside do not promise that. */
        if (entry->instances.data[i]->parameter_count == count && !entry->instances.data[i]->exported &&
            same_instance(entry->instances.data[i], types, count))
            return entry->checking ? NULL : entry->instances.data[i];
    if (entry->checking || c->depth >= CALL_DEPTH_MAX)
        return NULL;
    if (++c->instance_count > INSTANCES_MAX) {
        diag_error(span, DIAG_BUDGET, "more than %d instances of functions", INSTANCES_MAX);
        return NULL;
    }
    int errors = diag_count();
    c->depth++;
    TFunction *function = instance_new(c, entry, types, count);
    c->depth--;
    if (diag_count() > errors)
        function->result = type_simple(c, TYPE_POISON);
    return function;
}

/* ---- calls --------------------------------------------------------------------------------- */

typedef struct {
    Atom *from[128];
    Size to[128];
    int count;
} AtomMap;

static void map_atom(AtomMap *map, Size from, Size to) {
    Atom *atom = from ? size_as_atom(from) : NULL;
    if (!atom || atom->kind != ATOM_VAR || !to || map->count == 128)
        return;
    for (int i = 0; i < map->count; i++)
        if (map->from[i] == atom)
            return;
    map->from[map->count] = atom;
    map->to[map->count++] = to;
}

static void map_unknown(Atom *atom, void *user) {
    AtomMap *map = user;
    map_atom(map, size_atom(atom), size_fresh(atom->name));
}

/* A result's type in the caller's sizes. */
static const Type *result_type(Scope *s, const Type *type, AtomMap *map) {
    if (type->kind == TYPE_TUPLE) {
        const Type **items = ARENA_ARRAY(s->checker->arena, const Type *, type->count);
        for (int i = 0; i < type->count; i++)
            items[i] = result_type(s, type->items[i], map);
        return type_tuple(s->checker, items, type->count);
    }
    if (type->kind != TYPE_ARRAY)
        return type;
    Size shape[TYPED_RANK_MAX];
    for (int axis = 0; axis < type->rank; axis++) {
        size_variables(type->shape[axis], map_unknown, map);
        shape[axis] = size_substitute_all(type->shape[axis], map->from, map->to, map->count);
    }
    return type_array(s->checker, type->dtype, type->rank, shape, type->contiguous);
}

/* The argument of each parameter; defaults are constants. */
static bool bind_call(FunctionEntry *entry, const Ast *node, const Ast **arguments,
                      int *count) {
    const Ast *parameters = entry->definition->as.function.parameters;
    const Ast *positional = node->as.call.arguments;
    *count = 0;
    for (const Ast *p = parameters; p; p = p->next) {
        if (p->as.parameter.kind == AST_STAR || p->as.parameter.kind == AST_DOUBLE_STAR) {
            diag_unsupported(p->span, "a parameter that takes many", "each parameter");
            return false;
        }
        if (p->as.parameter.kind != AST_PLAIN)
            continue;
        const Ast *value = NULL;
        if (positional && positional->kind != AST_KEYWORD && positional->kind != AST_STARRED) {
            value = positional;
            positional = positional->next;
        }
        for (const Ast *arg = node->as.call.arguments; arg && !value; arg = arg->next)
            if (arg->kind == AST_KEYWORD && arg->as.keyword.name == p->as.parameter.name)
                value = arg->as.keyword.value;
        if (!value)
            value = p->as.parameter.default_value;
        if (!value || *count == 32) {
            Diag *diag = diag_error(node->span, DIAG_BAD_CALL, "'%s' wants a value for '%s'",
                                    entry->name, p->as.parameter.name);
            diag_note(diag, entry->definition->as.function.name_span, "the function is here");
            return false;
        }
        arguments[(*count)++] = value;
    }
    if (positional && positional->kind != AST_KEYWORD) {
        diag_error(positional->span, DIAG_BAD_CALL, "'%s' takes %d values", entry->name, *count);
        return false;
    }
    for (const Ast *arg = node->as.call.arguments; arg; arg = arg->next) {
        bool known = arg->kind != AST_KEYWORD;
        for (const Ast *p = parameters; p && !known; p = p->next)
            known = p->as.parameter.name == arg->as.keyword.name;
        if (!known) {
            diag_error(arg->span, DIAG_BAD_CALL, "'%s' has no parameter '%s'", entry->name,
                       arg->as.keyword.name);
            return false;
        }
    }
    return true;
}

/* Scalars become what the annotation says; arrays must agree. */
static TExpr *fit_argument(Scope *s, TExpr *value, const Ast *parameter) {
    const Ast *noted = parameter->as.parameter.annotation;
    if (!noted || is_poison(value))
        return value;
    Facts *facts = s->facts;
    const Type *type = check_annotation(s, noted, NULL, NULL, NULL);
    s->facts = facts;
    if (type->kind == TYPE_SCALAR && value->type->kind == TYPE_SCALAR &&
        dtype_info(type->dtype)->class >= dtype_info(value->type->dtype)->class)
        return texpr_cast(s, value, type->dtype, value->type->weak && type->weak);
    if (type->kind != TYPE_POISON && !type_same(type, value->type, false)) {
        Diag *diag = diag_error(value->span, DIAG_BAD_CALL, "this is %s, '%s' is %s",
                                type_print(s->checker->arena, value->type),
                                parameter->as.parameter.name, type_print(s->checker->arena, type));
        diag_note(diag, parameter->span, "the parameter is here");
        return texpr_poison(s, value->span);
    }
    return value;
}

/* The callee's sizes in the caller's: ints first, then the shapes. */
static void map_sizes(const TFunction *function, TExpr **values, AtomMap *map) {
    Size wanted[EQUATIONS_MAX], have[EQUATIONS_MAX];
    int count = 0;
    for (int i = 0; i < function->parameter_count; i++) {
        const Type *type = function->parameters[i]->type;
        map_atom(map, function->parameters[i]->size, values[i]->size);
        for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++) {
            wanted[count] = type->shape[axis];
            have[count++] = values[i]->type->shape[axis];
        }
    }
    map->count = size_solve(wanted, have, count, map->from, map->to, map->count, 128);
}

/* Sizes that the signature ties together must agree in the caller. */
static void require_signature(Scope *s, const TFunction *function, TExpr **values, AtomMap *map,
                              Span span) {
    map_sizes(function, values, map);
    for (int i = 0; i < function->parameter_count; i++) {
        const Type *type = function->parameters[i]->type;
        for (int axis = 0; type->kind == TYPE_ARRAY && axis < type->rank; axis++) {
            Size wanted = size_substitute_all(type->shape[axis], map->from, map->to, map->count);
            Size have = values[i]->type->shape[axis];
            if (wanted == have)
                continue;
            TCheck *check = require(s, FACT_EQ, size_sub(have, wanted), "BROADCAST",
                                    arena_printf(s->checker->arena, "shapes of the arguments of %s",
                                                 function->name), span);
            check->values[0] = have;
            check->values[1] = wanted;
        }
    }
}

TExpr *check_user_call(Scope *s, FunctionEntry *entry, const Ast *node) {
    const Ast *arguments[32];
    int count;
    if (!bind_call(entry, node, arguments, &count))
        return texpr_poison(s, node->span);
    TExpr **values = ARENA_ARRAY(s->checker->arena, TExpr *, count);
    const Type *types[32];
    const Ast *parameter = entry->definition->as.function.parameters;
    for (int i = 0; i < count; i++, parameter = parameter->next) {
        while (parameter->as.parameter.kind != AST_PLAIN)
            parameter = parameter->next;
        values[i] = fit_argument(s, check_expr(s, arguments[i]), parameter);
        if (is_poison(values[i]))
            return values[i];
        types[i] = values[i]->type;
        if (!type_is_number(types[i]) && types[i]->kind != TYPE_STRING) {
            diag_unsupported(values[i]->span, "this as an argument", "its parts");
            return texpr_poison(s, node->span);
        }
    }
    TFunction *function = find_instance(s, entry, types, count, node->span);
    if (!function) {
        diag_unsupported(node->span, "recursion", "a loop");
        return texpr_poison(s, node->span);
    }
    if (function->result->kind == TYPE_POISON)
        return texpr_poison(s, node->span);
    AtomMap map = {.count = 0};
    require_signature(s, function, values, &map, node->span);
    TExpr *expr = texpr_new(s, TEXPR_CALL, node->span, result_type(s, function->result, &map));
    expr->as.call.callee = function;
    expr->as.call.arguments = values;
    expr->as.call.count = count;
    if (expr->type->kind == TYPE_SCALAR && dtype_is_integer(expr->type->dtype))
        expr->size = size_fresh("result");
    return expr;
}

/* ---- the top level ------------------------------------------------------------------------- */

static void add_import(Checker *c, const Ast *node, Name name, const char *module,
                       const FunctionInfo *function) {
    Import import = {name, module, function};
    (void)node;
    VEC_PUSH(c->arena, c->imports, import);
}

static const char *known_module(Name path) {
    static const char *const modules[][2] = {
        {"numpy", "np"}, {"math", "math"}, {"sys", "sys"}, {"time", "time"}};
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (path && !strcmp(path, modules[i][0]))
            return modules[i][1];
    return NULL;
}

static void check_import(Checker *c, const Ast *node) {
    for (const Ast *alias = node->as.import.aliases; alias; alias = alias->next) {
        Name path = alias->as.alias.path;
        const char *module = known_module(node->kind == AST_IMPORT ? path : node->as.import.module);
        if (node->kind == AST_FROM_IMPORT && node->as.import.module &&
            !strcmp(node->as.import.module, "__future__"))
            continue;
        const FunctionInfo *function =
            node->kind == AST_FROM_IMPORT && module ? function_find(module, path) : NULL;
        if (!module || (node->kind == AST_FROM_IMPORT && !function)) {
            diag_unsupported(alias->span, arena_printf(c->arena, "importing '%s'", path), NULL);
            continue;
        }
        add_import(c, node, alias->as.alias.as ? alias->as.alias.as : path, module, function);
    }
    if (node->kind == AST_FROM_IMPORT && node->as.import.star)
        diag_unsupported(node->span, "importing all names", "the names");
}

static void add_function(Checker *c, const Ast *node) {
    FunctionEntry *old = find_entry(c, node->as.function.name);
    if (old) {
        Diag *diag = diag_error(node->as.function.name_span, DIAG_REDEFINED,
                                "'%s' is defined a second time", node->as.function.name);
        diag_note(diag, old->definition->as.function.name_span, "the first definition");
        return;
    }
    if (node->as.function.decorators || node->as.function.is_async)
        diag_unsupported(node->span, "decorators and async functions", "a plain function");
    FunctionEntry *entry = ARENA_NEW(c->arena, FunctionEntry);
    entry->name = node->as.function.name;
    entry->definition = node;
    VEC_PUSH(c->arena, c->functions, entry);
}

static int assignments_of(const Ast *node, Name name) {
    int count = 0;
    for (; node; node = node->next) {
        if (node->kind == AST_ASSIGN)
            for (const Ast *t = node->as.assign.targets; t; t = t->next)
                count += t->kind == AST_NAME ? t->as.name.id == name : 1;
        else if (node->kind == AST_ANNOTATED || node->kind == AST_AUGMENTED)
            count += node->as.annotated.target->kind == AST_NAME &&
                     node->as.annotated.target->as.name.id == name;
        else if (node->kind == AST_FOR)
            count += 2 * (node->as.loop.target->kind == AST_NAME &&
                          node->as.loop.target->as.name.id == name) +
                     assignments_of(node->as.loop.body, name);
        else if (node->kind == AST_IF || node->kind == AST_WHILE)
            count += assignments_of(node->as.branch.body, name) +
                     assignments_of(node->as.branch.otherwise, name);
    }
    return count;
}

/* Top-level names that are bound once, to a constant, can be read by functions. */
static void find_constants(Checker *c, Scope *s, const Ast *statements) {
    for (const Ast *node = statements; node; node = node->next) {
        if (node->kind != AST_ASSIGN || node->as.assign.target_count != 1 ||
            node->as.assign.targets->kind != AST_NAME)
            continue;
        const Ast *value = node->as.assign.value;
        Name name = node->as.assign.targets->as.name.id;
        bool simple = value->kind == AST_INT || value->kind == AST_FLOAT || value->kind == AST_TRUE ||
                      value->kind == AST_FALSE || value->kind == AST_STRING ||
                      (value->kind == AST_UNARY && value->as.unary.operand->kind <= AST_FLOAT &&
                       value->as.unary.operand->kind != AST_NAME);
        if (!simple || assignments_of(statements, name) != 1)
            continue;
        Binding binding = {name, NULL};
        TExpr *constant = check_expr(s, value);
        VEC_PUSH(c->arena, c->constants, binding);
        VEC_PUSH(c->arena, c->constant_values, constant);
    }
}

static bool is_library_statement(const Ast *node) {
    return node->kind == AST_FUNCTION || node->kind == AST_IMPORT || node->kind == AST_FROM_IMPORT;
}

static bool is_exported(const FunctionEntry *entry) {
    if (entry->name[0] == '_')
        return false;
    for (const Ast *p = entry->definition->as.function.parameters; p; p = p->next)
        if (p->as.parameter.kind == AST_PLAIN && !p->as.parameter.annotation)
            return false;
    return true;
}

static TFunction *export_instance(Checker *c, Scope *s, FunctionEntry *entry, bool contiguous) {
    const Type *types[32];
    int count = 0;
    bool arrays = false;
    for (const Ast *p = entry->definition->as.function.parameters; p && count < 32; p = p->next) {
        if (p->as.parameter.kind != AST_PLAIN)
            continue;
        int errors = diag_count();
        const Type *type = check_annotation(s, p->as.parameter.annotation, NULL, NULL, NULL);
        diag_rollback(errors);
        if (type->kind == TYPE_ARRAY)
            type = type_array(c, type->dtype, type->rank, type->shape, contiguous);
        arrays |= type->kind == TYPE_ARRAY;
        types[count++] = type;
    }
    if (!contiguous && !arrays)
        return NULL;
    int errors = diag_count();
    TFunction *function = instance_new(c, entry, types, count);
    if (!contiguous)
        diag_rollback(errors);
    function->exported = !function->external;
    return function;
}

static void export_functions(Checker *c, Scope *s) {
    for (int i = 0; i < c->functions.count; i++) {
        FunctionEntry *entry = c->functions.data[i];
        bool called = entry->instances.count > 0;
        if (!is_exported(entry) || (called && !c->options->library))
            continue;
        int errors = diag_count();
        bool external = is_external(entry->definition);
        TFunction *function = external && called ? NULL : export_instance(c, s, entry, true);
        if (!external && diag_count() == errors)
            function->general = export_instance(c, s, entry, false);
    }
}

static VEC(VerdictLine) last_verdicts;

int check_verdicts(const VerdictLine **lines) {
    *lines = last_verdicts.data;
    return last_verdicts.count;
}

TProgram *check_program(const Ast *statements, const CheckOptions *options) {
    Checker checker = {.arena = options->arena, .options = options}, *c = &checker;
    TProgram *program = ARENA_NEW(c->arena, TProgram);
    TFunction *main = ARENA_NEW(c->arena, TFunction);
    c->program = program;
    c->last_function = &program->functions;
    main->name = name_of("main");
    main->main = true;
    main->result = type_simple(c, TYPE_NONE);
    Scope scope = {.checker = c, .function = main, .reachable = true};
    for (const Ast *node = statements; node; node = node->next) {
        if (node->kind == AST_FUNCTION)
            add_function(c, node);
        else if (node->kind == AST_IMPORT || node->kind == AST_FROM_IMPORT)
            check_import(c, node);
    }
    find_constants(c, &scope, statements);
    scope.block = &main->body;
    for (const Ast *node = options->library ? NULL : statements, *next; node; node = next) {
        next = node->next;
        Ast one = *node;
        one.next = NULL;
        if (!is_library_statement(node))
            check_block(&scope, &one, &main->body);
    }
    if (options->library || options->functions)
        export_functions(c, &scope);
    if (!options->library) {
        program->main = main;
        *c->last_function = main;
    }
    last_verdicts.data = c->verdicts.data;
    last_verdicts.count = c->verdicts.count;
    return program;
}
