# Completion of mnp's command line for bash.
_mnp() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} words= i
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "build run check port explain ops --help --version" -- "$word"))
        return
    fi
    if [ "$before" = "=" ] || [ "$word" = "=" ]; then   # bash splits words at '='
        [ "$word" = "=" ] && word= && i=1 || i=2
        case ${COMP_WORDS[COMP_CWORD-i]} in
        --emit) words="llvm asm header" ;;
        --fp) words="contract strict" ;;
        --diagnostics) words="full short json" ;;
        --cpu) words="native x86-64 x86-64-v2 x86-64-v3 x86-64-v4 znver4 haswell skylake-avx512" ;;
        --dump) words="ast nest llvm" ;;
        --plan) COMPREPLY=($(compgen -f -- "$word")); return ;;
        esac
        COMPREPLY=($(compgen -W "$words" -- "$word"))
        return
    fi
    case $before in
    -I) COMPREPLY=($(compgen -d -- "$word")); return ;;
    -o) COMPREPLY=($(compgen -f -- "$word")); return ;;
    esac
    local files='!*.mnp'
    [ "$command" = port ] && files='!*.py'
    case $command in
    build) words="-o -c -I -O0 -O2 --emit= --cpu= --fp= --dump= --explain --plan= --without= --validate --time-passes
                  --list-passes --diagnostics= --help" ;;
    run) words="-I -O0 -O2 --cpu= --fp= --plan= --without= --time-passes --diagnostics= --help" ;;
    port) words="-I --diagnostics= --help" ;;
    check) words="-c -I -O0 -O2 --cpu= --fp= --without= --verdicts --strict-shapes --diagnostics= --help" ;;
    *) return ;;
    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$word"))
        [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2> /dev/null
    else
        COMPREPLY=($(compgen -f -X "$files" -- "$word") $(compgen -d -- "$word"))
    fi
}
complete -o filenames -F _mnp mnp
