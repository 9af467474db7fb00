%token EXPRESSION.
/* grammar.y: statements and expressions of Python 3.11, LALR(1) without conflicts.
 *
 * Targets are parsed as expressions and checked afterwards. Patterns of `case` are parsed as
 * expressions too: what reads them refuses them.
 */
%name Parse
%token_prefix TOKEN_
%token_type {Token}
%default_type {Ast *}
%extra_context {Parser *parser}
%stack_size 0
%start_symbol file
%include {
#include "syntax/parser.h"
#include <assert.h>
#include <stdlib.h>
#define YYMALLOCARGTYPE size_t
#define SPAN(token) parser_span(parser, token)
#define NODE(kind, span) parser_node(parser, kind, span)
}
%stack_overflow { out_of_memory(); }
%syntax_error { parser_syntax_error(parser); }

%left BAR.
%left CARET.
%left AMPERSAND.
%left SHL SHR.
%left PLUS MINUS.
%left STAR SLASH FLOORDIV PERCENT AT.
%right UNARY TILDE.
%right POWER.

%type statements {AstList}
%type statement {AstList}
%type simple {AstList}
%type smalls {AstList}
%type block {AstList}
%type names {AstList}
%type aliases {AstList}
%type optional_else {AstList}
%type elifs {AstList}
%type sides {AstList}
%type with_items {AstList}
%type handlers {AstList}
%type cases {AstList}
%type decorators {AstList}
%type parameters {AstList}
%type parameter_list {AstList}
%type lambda_parameters {AstList}
%type lambda_list {AstList}
%type target_list {AstList}
%type items {AstList}
%type arguments {AstList}
%type optional_arguments {AstList}
%type slices {AstList}
%type dict_items {AstList}
%type clauses {AstList}
%type conditions {AstList}
%type dots {int}

file ::= . { parser->root = NULL; }
file ::= statements(A). { parser->root = A.first; }
file ::= EXPRESSION testlist(A). { parser->root = A; }
statements(A) ::= statement(B). { A = B; }
statements(A) ::= statements(B) statement(C). { A = list_join(B, C); }
statement(A) ::= simple(B). { A = B; }
statement(A) ::= compound(B). { A = list_one(B); }

simple(A) ::= smalls(B) NEWLINE. { A = B; }
simple(A) ::= smalls(B) SEMICOLON NEWLINE. { A = B; }
smalls(A) ::= small(B). { A = list_one(B); }
smalls(A) ::= smalls(B) SEMICOLON small(C). { A = list_add(B, C); }

small(A) ::= testlist(B). { A = NODE(AST_EXPRESSION, B->span); A->as.expression.value = B; }
small(A) ::= sides(B). { A = parser_assign(parser, B); }
sides(A) ::= testlist(B) ASSIGN value(C). { A = list_add(list_one(B), C); }
sides(A) ::= sides(B) ASSIGN value(C). { A = list_add(B, C); }
value(A) ::= testlist(B). { A = B; }
value(A) ::= yield(B). { A = B; }
small(A) ::= yield(B). { A = NODE(AST_EXPRESSION, B->span); A->as.expression.value = B; }
yield(A) ::= YIELD(T). { A = parser_one(parser, AST_YIELD, T, NULL); }
yield(A) ::= YIELD(T) testlist(B). { A = parser_one(parser, AST_YIELD, T, B); }
yield(A) ::= YIELD(T) FROM test(B). { A = parser_one(parser, AST_YIELD, T, B); }
small(A) ::= testlist(B) COLON test(C). {
    A = NODE(AST_ANNOTATED, span_join(B->span, C->span));
    A->as.annotated.target = B;
    A->as.annotated.annotation = C;
    parser_check_target(parser, B, true);
}
small(A) ::= testlist(B) COLON test(C) ASSIGN value(D). {
    A = NODE(AST_ANNOTATED, span_join(B->span, D->span));
    A->as.annotated.target = B;
    A->as.annotated.annotation = C;
    A->as.annotated.value = D;
    parser_check_target(parser, B, true);
}
small(A) ::= testlist(B) AUGMENT(O) value(C). { A = parser_augmented(parser, B, O, C); }
small(A) ::= RETURN(T). { A = parser_one(parser, AST_RETURN, T, NULL); }
small(A) ::= RETURN(T) testlist(B). { A = parser_one(parser, AST_RETURN, T, B); }
small(A) ::= PASS(T). { A = NODE(AST_PASS, SPAN(T)); }
small(A) ::= BREAK(T). { A = NODE(AST_BREAK, SPAN(T)); }
small(A) ::= CONTINUE(T). { A = NODE(AST_CONTINUE, SPAN(T)); }
small(A) ::= ASSERT(T) test(B). {
    A = NODE(AST_ASSERT, span_join(SPAN(T), B->span));
    A->as.assertion.test = B;
}
small(A) ::= ASSERT(T) test(B) COMMA test(C). {
    A = NODE(AST_ASSERT, span_join(SPAN(T), C->span));
    A->as.assertion.test = B;
    A->as.assertion.message = C;
}
small(A) ::= RAISE(T). { A = NODE(AST_RAISE, SPAN(T)); }
small(A) ::= RAISE(T) test(B). {
    A = NODE(AST_RAISE, span_join(SPAN(T), B->span));
    A->as.raise.value = B;
}
small(A) ::= RAISE(T) test(B) FROM test(C). {
    A = NODE(AST_RAISE, span_join(SPAN(T), C->span));
    A->as.raise.value = B;
    A->as.raise.cause = C;
}
small(A) ::= DEL(T) testlist(B). {
    A = NODE(AST_DELETE, span_join(SPAN(T), B->span));
    A->as.names.items = B;
}
small(A) ::= GLOBAL(T) names(B). { A = NODE(AST_GLOBAL, SPAN(T)); A->as.names.items = B.first; }
small(A) ::= NONLOCAL(T) names(B). {
    A = NODE(AST_NONLOCAL, SPAN(T));
    A->as.names.items = B.first;
}
small(A) ::= IMPORT(T) aliases(B). { A = parser_import(parser, AST_IMPORT, T, NULL, B); }
small(A) ::= FROM(T) module(B) IMPORT aliases(C). {
    A = parser_import(parser, AST_FROM_IMPORT, T, B, C);
}
small(A) ::= FROM(T) module(B) IMPORT STAR. {
    A = parser_import(parser, AST_FROM_IMPORT, T, B, (AstList){0});
    A->as.import.star = true;
}
small(A) ::= FROM(T) module(B) IMPORT LPAREN aliases(C) comma RPAREN. {
    A = parser_import(parser, AST_FROM_IMPORT, T, B, C);
}
module(A) ::= dotted(B). { A = B; }
module(A) ::= dots(N) dotted(B). { A = B; (void)N; A->parenthesised = true; }
module(A) ::= dots(N). { A = NODE(AST_ALIAS, (Span){0}); (void)N; }
dots(A) ::= DOT. { A = 1; }
dots(A) ::= ELLIPSIS. { A = 3; }
dots(A) ::= dots(B) DOT. { A = B + 1; }
dots(A) ::= dots(B) ELLIPSIS. { A = B + 3; }
aliases(A) ::= alias(B). { A = list_one(B); }
aliases(A) ::= aliases(B) COMMA alias(C). { A = list_add(B, C); }
alias(A) ::= dotted(B). { A = B; }
alias(A) ::= dotted(B) AS NAME(N). {
    A = B;
    A->as.alias.as = parser_name(parser, N)->as.name.id;
    A->as.alias.as_span = SPAN(N);
    A->span = span_join(A->span, SPAN(N));
}
dotted(A) ::= NAME(N). {
    A = NODE(AST_ALIAS, SPAN(N));
    A->as.alias.path = parser_name(parser, N)->as.name.id;
}
dotted(A) ::= dotted(B) DOT NAME(N). {
    A = B;
    A->span = span_join(A->span, SPAN(N));
    A->as.alias.path = name_of(arena_printf(parser->arena, "%s.%s", A->as.alias.path,
                                            parser_name(parser, N)->as.name.id));
}
names(A) ::= NAME(N). { A = list_one(parser_name(parser, N)); }
names(A) ::= names(B) COMMA NAME(N). { A = list_add(B, parser_name(parser, N)); }
comma ::= .
comma ::= COMMA.

block(A) ::= simple(B). { A = B; }
block(A) ::= NEWLINE INDENT statements(B) DEDENT. { A = B; }

compound(A) ::= IF(T) named(B) COLON block(C) elifs(D). {
    A = NODE(AST_IF, span_join(SPAN(T), B->span));
    A->as.branch.test = B;
    A->as.branch.body = C.first;
    A->as.branch.otherwise = D.first;
}
elifs(A) ::= . { A = (AstList){0}; }
elifs(A) ::= ELSE COLON block(B). { A = B; }
elifs(A) ::= ELIF(T) named(B) COLON block(C) elifs(D). {
    Ast *node = NODE(AST_IF, span_join(SPAN(T), B->span));
    node->as.branch.test = B;
    node->as.branch.body = C.first;
    node->as.branch.otherwise = D.first;
    A = list_one(node);
}
compound(A) ::= WHILE(T) named(B) COLON block(C) optional_else(D). {
    A = NODE(AST_WHILE, span_join(SPAN(T), B->span));
    A->as.branch.test = B;
    A->as.branch.body = C.first;
    A->as.branch.otherwise = D.first;
}
compound(A) ::= for(B). { A = B; }
compound(A) ::= ASYNC for(B). { A = B; A->as.loop.is_async = true; }
for(A) ::= FOR(T) targets(B) IN testlist(C) COLON block(D) optional_else(E). {
    A = NODE(AST_FOR, span_join(SPAN(T), C->span));
    A->as.loop.target = B;
    A->as.loop.iterable = C;
    A->as.loop.body = D.first;
    A->as.loop.otherwise = E.first;
    parser_check_target(parser, B, false);
}
optional_else(A) ::= . { A = (AstList){0}; }
optional_else(A) ::= ELSE COLON block(B). { A = B; }
compound(A) ::= with(B). { A = B; }
compound(A) ::= ASYNC with(B). { A = B; A->as.with.is_async = true; }
with(A) ::= WITH(T) with_items(B) COLON block(C). {
    A = NODE(AST_WITH, SPAN(T));
    A->as.with.items = B.first;
    A->as.with.body = C.first;
}
with_items(A) ::= with_item(B). { A = list_one(B); }
with_items(A) ::= with_items(B) COMMA with_item(C). { A = list_add(B, C); }
with_item(A) ::= test(B). { A = NODE(AST_WITH_ITEM, B->span); A->as.with_item.value = B; }
with_item(A) ::= test(B) AS expr(C). {
    A = NODE(AST_WITH_ITEM, span_join(B->span, C->span));
    A->as.with_item.value = B;
    A->as.with_item.target = C;
}
compound(A) ::= TRY(T) COLON block(B) handlers(C) optional_else(D). {
    A = NODE(AST_TRY, SPAN(T));
    A->as.attempt.body = B.first;
    A->as.attempt.handlers = C.first;
    A->as.attempt.otherwise = D.first;
}
compound(A) ::= TRY(T) COLON block(B) handlers(C) optional_else(D) FINALLY COLON block(E). {
    A = NODE(AST_TRY, SPAN(T));
    A->as.attempt.body = B.first;
    A->as.attempt.handlers = C.first;
    A->as.attempt.otherwise = D.first;
    A->as.attempt.finally = E.first;
}
compound(A) ::= TRY(T) COLON block(B) FINALLY COLON block(E). {
    A = NODE(AST_TRY, SPAN(T));
    A->as.attempt.body = B.first;
    A->as.attempt.finally = E.first;
}
handlers(A) ::= handler(B). { A = list_one(B); }
handlers(A) ::= handlers(B) handler(C). { A = list_add(B, C); }
handler(A) ::= EXCEPT(T) COLON block(B). {
    A = NODE(AST_HANDLER, SPAN(T));
    A->as.handler.body = B.first;
}
handler(A) ::= EXCEPT(T) star test(C) COLON block(B). {
    A = NODE(AST_HANDLER, SPAN(T));
    A->as.handler.type = C;
    A->as.handler.body = B.first;
}
handler(A) ::= EXCEPT(T) star test(C) AS NAME(N) COLON block(B). {
    A = NODE(AST_HANDLER, SPAN(T));
    A->as.handler.type = C;
    A->as.handler.as = parser_name(parser, N)->as.name.id;
    A->as.handler.body = B.first;
}
star ::= .
star ::= STAR.
compound(A) ::= MATCH(T) testlist(B) COLON NEWLINE INDENT cases(C) DEDENT. {
    A = NODE(AST_MATCH, span_join(SPAN(T), B->span));
    A->as.match.subject = B;
    A->as.match.cases = C.first;
}
cases(A) ::= case(B). { A = list_one(B); }
cases(A) ::= cases(B) case(C). { A = list_add(B, C); }
case(A) ::= CASE(T) pattern(B) COLON block(C). {
    A = NODE(AST_CASE, SPAN(T));
    A->as.match_case.pattern = B;
    A->as.match_case.body = C.first;
}
case(A) ::= CASE(T) pattern(B) IF named(D) COLON block(C). {
    A = NODE(AST_CASE, SPAN(T));
    A->as.match_case.pattern = B;
    A->as.match_case.guard = D;
    A->as.match_case.body = C.first;
}
pattern(A) ::= target_list(B). { A = parser_tuple(parser, B, false); }
pattern(A) ::= target_list(B) COMMA. { A = parser_tuple(parser, B, true); }
pattern(A) ::= target_list(B) AS NAME. { A = parser_tuple(parser, B, false); }
compound(A) ::= function(B). { A = B; }
compound(A) ::= class(B). { A = B; }
compound(A) ::= decorators(D) function(F). { A = F; A->as.function.decorators = D.first; }
compound(A) ::= decorators(D) class(F). { A = F; A->as.class_.decorators = D.first; }
decorators(A) ::= decorator(B). { A = list_one(B); }
decorators(A) ::= decorators(B) decorator(C). { A = list_add(B, C); }
decorator(A) ::= AT named(B) NEWLINE. { A = B; }
function(A) ::= ASYNC plain_function(B). { A = B; A->as.function.is_async = true; }
function(A) ::= plain_function(B). { A = B; }
plain_function(A) ::= DEF(T) NAME(N) LPAREN parameters(P) RPAREN result(R) COLON block(B). {
    A = parser_function(parser, T, N, P, R, B);
}
class(A) ::= CLASS(T) NAME(N) COLON block(B). {
    A = NODE(AST_CLASS, span_join(SPAN(T), SPAN(N)));
    A->as.class_.name = parser_name(parser, N)->as.name.id;
    A->as.class_.body = B.first;
}
class(A) ::= CLASS(T) NAME(N) LPAREN optional_arguments(C) RPAREN COLON block(B). {
    A = NODE(AST_CLASS, span_join(SPAN(T), SPAN(N)));
    A->as.class_.name = parser_name(parser, N)->as.name.id;
    A->as.class_.arguments = C.first;
    A->as.class_.body = B.first;
}
result(A) ::= . { A = NULL; }
result(A) ::= ARROW test(B). { A = B; }
parameters(A) ::= . { A = (AstList){0}; }
parameters(A) ::= parameter_list(B) comma. { A = B; }
parameter_list(A) ::= parameter(B). { A = list_one(B); }
parameter_list(A) ::= parameter_list(B) COMMA parameter(C). { A = list_add(B, C); }
parameter(A) ::= NAME(N) annotation(B) default(C). {
    A = parser_parameter(parser, AST_PLAIN, N, B, C);
}
parameter(A) ::= STAR(N). { A = parser_parameter(parser, AST_BARE_STAR, N, NULL, NULL); }
parameter(A) ::= STAR NAME(N) annotation(B). {
    A = parser_parameter(parser, AST_STAR, N, B, NULL);
}
parameter(A) ::= POWER NAME(N) annotation(B). {
    A = parser_parameter(parser, AST_DOUBLE_STAR, N, B, NULL);
}
parameter(A) ::= SLASH(N). { A = parser_parameter(parser, AST_SLASH, N, NULL, NULL); }
annotation(A) ::= . { A = NULL; }
annotation(A) ::= COLON test(B). { A = B; }
default(A) ::= . { A = NULL; }
default(A) ::= ASSIGN test(B). { A = B; }

/* Targets of for stay below comparison, so that `in` is not swallowed. */
targets(A) ::= target_list(B). { A = parser_tuple(parser, B, false); }
targets(A) ::= target_list(B) COMMA. { A = parser_tuple(parser, B, true); }
target_list(A) ::= target(B). { A = list_one(B); }
target_list(A) ::= target_list(B) COMMA target(C). { A = list_add(B, C); }
target(A) ::= expr(B). { A = B; }
target(A) ::= STAR(T) expr(B). [UNARY] { A = parser_one(parser, AST_STARRED, T, B); }

testlist(A) ::= items(B). { A = parser_tuple(parser, B, false); }
testlist(A) ::= items(B) COMMA. { A = parser_tuple(parser, B, true); }
items(A) ::= item(B). { A = list_one(B); }
items(A) ::= items(B) COMMA item(C). { A = list_add(B, C); }
item(A) ::= named(B). { A = B; }
item(A) ::= STAR(T) expr(B). [UNARY] { A = parser_one(parser, AST_STARRED, T, B); }
named(A) ::= test(B). { A = B; }
named(A) ::= NAME(N) WALRUS test(B). {
    A = NODE(AST_WALRUS, span_join(SPAN(N), B->span));
    A->as.walrus.target = parser_name(parser, N);
    A->as.walrus.value = B;
}

test(A) ::= or_test(B). { A = B; }
test(A) ::= or_test(B) IF or_test(C) ELSE test(D). {
    A = NODE(AST_CONDITIONAL, span_join(B->span, D->span));
    A->as.conditional.test = C;
    A->as.conditional.body = B;
    A->as.conditional.otherwise = D;
}
test(A) ::= LAMBDA(T) lambda_parameters(P) COLON test(B). {
    A = NODE(AST_LAMBDA, span_join(SPAN(T), B->span));
    A->as.lambda.parameters = P.first;
    A->as.lambda.body = B;
}
lambda_parameters(A) ::= . { A = (AstList){0}; }
lambda_parameters(A) ::= lambda_list(B) comma. { A = B; }
lambda_list(A) ::= lambda_parameter(B). { A = list_one(B); }
lambda_list(A) ::= lambda_list(B) COMMA lambda_parameter(C). { A = list_add(B, C); }
lambda_parameter(A) ::= NAME(N) default(C). {
    A = parser_parameter(parser, AST_PLAIN, N, NULL, C);
}
lambda_parameter(A) ::= STAR NAME(N). { A = parser_parameter(parser, AST_STAR, N, NULL, NULL); }
lambda_parameter(A) ::= STAR(N). { A = parser_parameter(parser, AST_BARE_STAR, N, NULL, NULL); }
lambda_parameter(A) ::= SLASH(N). { A = parser_parameter(parser, AST_SLASH, N, NULL, NULL); }
lambda_parameter(A) ::= POWER NAME(N). {
    A = parser_parameter(parser, AST_DOUBLE_STAR, N, NULL, NULL);
}
or_test(A) ::= and_test(B). { A = B; }
or_test(A) ::= or_test(B) OR and_test(C). {
    A = parser_boolean(parser, AST_OP_BOOL_OR, B, C);
}
and_test(A) ::= not_test(B). { A = B; }
and_test(A) ::= and_test(B) AND not_test(C). {
    A = parser_boolean(parser, AST_OP_BOOL_AND, B, C);
}
not_test(A) ::= NOT(T) not_test(B). { A = parser_unary(parser, T, AST_OP_NOT, B); }
not_test(A) ::= expr(B). { A = B; }
not_test(A) ::= comparison(B). { A = B; }
comparison(A) ::= expr(B) COMPARE(O) expr(C). {
    A = parser_compare(parser, B, parser_operator(O), SPAN(O), C);
}
comparison(A) ::= comparison(B) COMPARE(O) expr(C). {
    A = parser_compare(parser, B, parser_operator(O), SPAN(O), C);
}
comparison(A) ::= expr(B) IN(O) expr(C). {
    A = parser_compare(parser, B, AST_OP_IN, SPAN(O), C);
}
comparison(A) ::= comparison(B) IN(O) expr(C). {
    A = parser_compare(parser, B, AST_OP_IN, SPAN(O), C);
}
comparison(A) ::= expr(B) NOT(O) IN expr(C). {
    A = parser_compare(parser, B, AST_OP_NOT_IN, SPAN(O), C);
}
comparison(A) ::= comparison(B) NOT(O) IN expr(C). {
    A = parser_compare(parser, B, AST_OP_NOT_IN, SPAN(O), C);
}
comparison(A) ::= expr(B) IS(O) expr(C). {
    A = parser_compare(parser, B, AST_OP_IS, SPAN(O), C);
}
comparison(A) ::= comparison(B) IS(O) expr(C). {
    A = parser_compare(parser, B, AST_OP_IS, SPAN(O), C);
}
comparison(A) ::= expr(B) IS(O) NOT expr(C). {
    A = parser_compare(parser, B, AST_OP_IS_NOT, SPAN(O), C);
}
comparison(A) ::= comparison(B) IS(O) NOT expr(C). {
    A = parser_compare(parser, B, AST_OP_IS_NOT, SPAN(O), C);
}

expr(A) ::= expr(B) BAR(O) expr(C). { A = parser_binary(parser, B, O, C); }
expr(A) ::= expr(B) CARET(O) expr(C). { A = parser_binary(parser, B, O, C); }
expr(A) ::= expr(B) AMPERSAND(O) expr(C). { A = parser_binary(parser, B, O, C); }
expr(A) ::= expr(B) SHL|SHR(O) expr(C). { A = parser_binary(parser, B, O, C); }
expr(A) ::= expr(B) PLUS|MINUS(O) expr(C). { A = parser_binary(parser, B, O, C); }
expr(A) ::= expr(B) STAR|SLASH|FLOORDIV|PERCENT|AT(O) expr(C). {
    A = parser_binary(parser, B, O, C);
}
expr(A) ::= PLUS(O) expr(B). [UNARY] { A = parser_unary(parser, O, AST_OP_POS, B); }
expr(A) ::= MINUS(O) expr(B). [UNARY] { A = parser_unary(parser, O, AST_OP_NEG, B); }
expr(A) ::= TILDE(O) expr(B). [UNARY] { A = parser_unary(parser, O, AST_OP_INVERT, B); }
expr(A) ::= expr(B) POWER(O) expr(C). { A = parser_binary(parser, B, O, C); }
expr(A) ::= primary(B). { A = B; }
expr(A) ::= AWAIT(T) primary(B). { A = parser_one(parser, AST_AWAIT, T, B); }

primary(A) ::= atom(B). { A = B; }
primary(A) ::= primary(B) DOT NAME(N). {
    A = NODE(AST_ATTRIBUTE, span_join(B->span, SPAN(N)));
    A->as.attribute.value = B;
    A->as.attribute.name = parser_name(parser, N)->as.name.id;
    A->as.attribute.name_span = SPAN(N);
}
primary(A) ::= primary(B) LPAREN optional_arguments(C) RPAREN(R). {
    A = parser_call(parser, B, C, R);
}
primary(A) ::= primary(B) LBRACKET slices(C) RBRACKET(R). {
    A = parser_index(parser, B, C, false, R);
}
primary(A) ::= primary(B) LBRACKET slices(C) COMMA RBRACKET(R). {
    A = parser_index(parser, B, C, true, R);
}
optional_arguments(A) ::= . { A = (AstList){0}; }
optional_arguments(A) ::= arguments(B) comma. { A = B; }
arguments(A) ::= argument(B). { A = list_one(B); }
arguments(A) ::= arguments(B) COMMA argument(C). { A = list_add(B, C); }
argument(A) ::= named(B). { A = B; }
argument(A) ::= named(B) clauses(C). {
    Token none = {0, B->span.start, B->span.end};
    A = parser_comprehension(parser, '(', none, B, NULL, C, none);
}
argument(A) ::= NAME(N) ASSIGN test(B). {
    A = NODE(AST_KEYWORD, span_join(SPAN(N), B->span));
    A->as.keyword.name = parser_name(parser, N)->as.name.id;
    A->as.keyword.name_span = SPAN(N);
    A->as.keyword.value = B;
}
argument(A) ::= STAR(T) test(B). { A = parser_one(parser, AST_STARRED, T, B); }
argument(A) ::= POWER(T) test(B). { A = parser_one(parser, AST_DOUBLE_STARRED, T, B); }
slices(A) ::= slice(B). { A = list_one(B); }
slices(A) ::= slices(B) COMMA slice(C). { A = list_add(B, C); }
slice(A) ::= item(B). { A = B; }
slice(A) ::= bound(B) COLON(T) bound(C). {
    A = NODE(AST_SLICE, SPAN(T));
    A->as.slice.lower = B;
    A->as.slice.upper = C;
    A->span = span_join(B ? B->span : A->span, C ? C->span : A->span);
}
slice(A) ::= bound(B) COLON(T) bound(C) COLON(U) bound(D). {
    A = NODE(AST_SLICE, SPAN(T));
    A->as.slice.lower = B;
    A->as.slice.upper = C;
    A->as.slice.step = D;
    A->span = span_join(B ? B->span : A->span, D ? D->span : SPAN(U));
}
bound(A) ::= . { A = NULL; }
bound(A) ::= test(B). { A = B; }

atom(A) ::= NAME(N). { A = parser_name(parser, N); }
atom(A) ::= NUMBER(N). { A = parser_number(parser, N); }
atom(A) ::= strings(B). { A = B; }
strings(A) ::= STRING(S). { A = parser_string(parser, S); }
strings(A) ::= strings(B) STRING(S). { A = parser_strings(parser, B, parser_string(parser, S)); }
atom(A) ::= NONE(T). { A = NODE(AST_NONE, SPAN(T)); }
atom(A) ::= TRUE(T). { A = NODE(AST_TRUE, SPAN(T)); }
atom(A) ::= FALSE(T). { A = NODE(AST_FALSE, SPAN(T)); }
atom(A) ::= ELLIPSIS(T). { A = NODE(AST_ELLIPSIS, SPAN(T)); }
atom(A) ::= LPAREN(T) RPAREN(R). { A = parser_list(parser, AST_TUPLE, T, (AstList){0}, R); }
atom(A) ::= LPAREN(T) testlist(B) RPAREN(R). {
    A = B;
    A->parenthesised = true;
    A->span = span_join(SPAN(T), SPAN(R));
}
atom(A) ::= LPAREN(T) yield(B) RPAREN(R). { A = B; A->span = span_join(SPAN(T), SPAN(R)); }
atom(A) ::= LPAREN(T) item(B) clauses(C) RPAREN(R). {
    A = parser_comprehension(parser, '(', T, B, NULL, C, R);
}
atom(A) ::= LBRACKET(T) RBRACKET(R). { A = parser_list(parser, AST_LIST, T, (AstList){0}, R); }
atom(A) ::= LBRACKET(T) items(B) comma RBRACKET(R). { A = parser_list(parser, AST_LIST, T, B, R); }
atom(A) ::= LBRACKET(T) item(B) clauses(C) RBRACKET(R). {
    A = parser_comprehension(parser, '[', T, B, NULL, C, R);
}
atom(A) ::= LBRACE(T) RBRACE(R). { A = parser_list(parser, AST_DICT, T, (AstList){0}, R); }
atom(A) ::= LBRACE(T) items(B) comma RBRACE(R). { A = parser_list(parser, AST_SET, T, B, R); }
atom(A) ::= LBRACE(T) dict_items(B) comma RBRACE(R). {
    A = parser_list(parser, AST_DICT, T, B, R);
}
atom(A) ::= LBRACE(T) item(B) clauses(C) RBRACE(R). {
    A = parser_comprehension(parser, '{', T, B, NULL, C, R);
}
atom(A) ::= LBRACE(T) test(K) COLON test(V) clauses(C) RBRACE(R). {
    A = parser_comprehension(parser, '{', T, K, V, C, R);
}
dict_items(A) ::= dict_item(B). { A = list_one(B); }
dict_items(A) ::= dict_items(B) COMMA dict_item(C). { A = list_add(B, C); }
dict_item(A) ::= test(K) COLON test(V). {
    A = NODE(AST_DICT_ITEM, span_join(K->span, V->span));
    A->as.dict_item.key = K;
    A->as.dict_item.value = V;
}
dict_item(A) ::= POWER(T) expr(B). [UNARY] { A = parser_one(parser, AST_DOUBLE_STARRED, T, B); }
clauses(A) ::= clause(B). { A = list_one(B); }
clauses(A) ::= clauses(B) clause(C). { A = list_add(B, C); }
clause(A) ::= FOR(T) targets(B) IN or_test(C) conditions(D). {
    A = NODE(AST_FOR_CLAUSE, span_join(SPAN(T), C->span));
    A->as.for_clause.target = B;
    A->as.for_clause.iterable = C;
    A->as.for_clause.conditions = D.first;
    parser_check_target(parser, B, false);
}
clause(A) ::= ASYNC FOR(T) targets(B) IN or_test(C) conditions(D). {
    A = NODE(AST_FOR_CLAUSE, span_join(SPAN(T), C->span));
    A->as.for_clause.target = B;
    A->as.for_clause.iterable = C;
    A->as.for_clause.conditions = D.first;
    A->as.for_clause.is_async = true;
}
conditions(A) ::= . { A = (AstList){0}; }
conditions(A) ::= conditions(B) IF or_test(C). { A = list_add(B, C); }

%code {
/* What could follow? Each terminal is tried on a copy of the stack of states: Lemon's default
 * reductions make one row of the table alone tell too little. */
enum { STATES_MAX = 4096 };

/* Takes rule `r` on the stack, and the reductions that its gotos bring; false: accepted. */
static bool take_rule(YYACTIONTYPE *states, int *count, unsigned r) {
    for (;;) {
        *count += yyRuleInfoNRhs[r];
        YYACTIONTYPE to = yy_find_reduce_action(states[*count - 1], yyRuleInfoLhs[r]);
        if (to == YY_ACCEPT_ACTION)
            return false;
        if (to > YY_MAX_SHIFT && to <= YY_MAX_SHIFTREDUCE) {
            r = (unsigned)(to - YY_MIN_SHIFTREDUCE);
            states[(*count)++] = to;
            continue;
        }
        states[(*count)++] = to;
        return true;
    }
}

static bool can_follow(const YYACTIONTYPE *start, int count, int token) {
    static YYACTIONTYPE states[STATES_MAX + 64];
    memcpy(states, start, (size_t)count * sizeof *states);
    for (int guard = 0; guard < STATES_MAX && count < STATES_MAX; guard++) {
        YYACTIONTYPE action = yy_find_shift_action((YYCODETYPE)token, states[count - 1]);
        if (action < YY_MIN_REDUCE)
            return action <= YY_MAX_SHIFTREDUCE || action == YY_ACCEPT_ACTION;
        if (!take_rule(states, &count, (unsigned)action - YY_MIN_REDUCE))
            return true;
    }
    return false;
}

int ParseExpected(void *stack, unsigned char *tokens) {
    yyParser *state = stack;
    static YYACTIONTYPE states[STATES_MAX + 64];
    int count = 0, found = 0;
    for (yyStackEntry *entry = state->yystack; entry <= state->yytos && count < STATES_MAX; entry++)
        states[count++] = entry->stateno;
    while (states[count - 1] >= YY_MIN_REDUCE)
        if (!take_rule(states, &count, (unsigned)states[count - 1] - YY_MIN_REDUCE))
            break;
    for (int token = 0; token < YYNTOKEN; token++)
        if (can_follow(states, count, token))
            tokens[found++] = (unsigned char)token;
    return found;
}
}
