# Written by share/completions/generate.py: edit that.
_pawc() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words=
    if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
    COMPREPLY=()
    case ${COMP_WORDS[1]} in diff|eval|explain|inspect|sign|strip|test|train|verify) command=${COMP_WORDS[1]} ;; esac
    [ "$COMP_CWORD" -eq 1 ] && command=
    case "$command $prev" in
        " --quant") words="q4_0 q8_0 f16 f32" ;;
        " -fdiagnostics-format") words="text json sarif" ;;
        " --color") words="auto always never" ;;
        " -o"|" --data"|" --teacher"|" --teacher-model"|" --target"|" -j"|" -MF"|" -MT"|" -MQ"|" -W"|" --prompt-budget"|" -fmax-errors") return ;;
        "diff --color") words="auto always never" ;;
        "diff --on"|"diff --base") return ;;
        "eval --quant") words="q4_0 q8_0 f16 f32" ;;
        "eval --color") words="auto always never" ;;
        "eval --data"|"eval --target"|"eval --base"|"eval --limit"|"eval --noise"|"eval --against"|"eval --under"|"eval --markdown") return ;;
        "explain --quant") words="q4_0 q8_0 f16 f32" ;;
        "explain --color") words="auto always never" ;;
        "explain --data"|"explain --target"|"explain --base") return ;;
        "inspect --color") words="auto always never" ;;
        "inspect --svg"|"inspect --png"|"inspect --base") return ;;
        "sign --color") words="auto always never" ;;
        "sign --key"|"sign --new-key") return ;;
        "strip --color") words="auto always never" ;;
        "strip -o") return ;;
        "test --quant") words="q4_0 q8_0 f16 f32" ;;
        "test --color") words="auto always never" ;;
        "test --min-pass"|"test --junit"|"test --variance"|"test --noise"|"test --data"|"test --target"|"test --base") return ;;
        "train --color") words="auto always never" ;;
        "train -o"|"train --out"|"train --data"|"train --minutes"|"train --release"|"train --bench"|"train --plot") return ;;
        "verify --color") words="auto always never" ;;
        "verify --key"|"verify --sig") return ;;
        *) case "$command $cur" in
            " -"*) words="-o -E -S -c -fsyntax-only -O0 -O1 -O2 -O3 --data --teacher --teacher-model --quant --target -fno-infer-labels --check --shebang -j -M -MM -MD -MMD -MF -MT -MQ -MP --no-cache -W -w --prompt-budget -fmax-errors -fdiagnostics-format --color -v --verbose -# --print-targets --print-search-dirs --print-base --cache-stats --version -dumpversion --help" ;;
            "diff -"*) words="--on --json --base --color --help" ;;
            "eval -"*) words="--json -O0 -O1 -O2 --data --quant --target --base -fno-infer-labels --no-cache --limit --noise --against --under --strong --markdown -v --verbose --color --help" ;;
            "explain -"*) words="--json -O0 -O1 -O2 --data --quant --target --base -fno-infer-labels --no-cache -v --verbose --color --help" ;;
            "inspect -"*) words="--json --tensors --heatmap --svg --png --base --color --help" ;;
            "sign -"*) words="--key --new-key --color --help" ;;
            "strip -"*) words="-o -v --verbose --color --help" ;;
            "test -"*) words="--min-pass --junit --json --variance --noise -O0 -O1 -O2 --data --quant --target --base -fno-infer-labels --no-cache -v --verbose --color --help" ;;
            "train -"*) words="-o --out --resume -n --dry-run --data --minutes --release --bench --plot --color --help" ;;
            "verify -"*) words="--key --sig --color --help" ;;
        esac ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    if [ "$COMP_CWORD" -eq 1 ] && [ -z "$words" ]; then
        local -a files
        mapfile -t files < <(compgen -f -- "$cur")
        COMPREPLY=($(compgen -W "diff eval explain inspect sign strip test train verify" -- "$cur") "${files[@]}")
    fi
}
complete -o default -F _pawc pawc
