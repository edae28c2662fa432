# Written by share/completions/generate.py: edit that.
_pawrun() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words=
    if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
    COMPREPLY=()
    case "$command $prev" in
        " --overflow") words="error head tail middle chunk" ;;
        " --field"|" --column"|" --window"|" --stride"|" -g"|" --grep"|" --out-field"|" --tee"|" --min-confidence"|" --abstain"|" --max-tokens"|" --stall"|" --stall-answer"|" --exec"|" --on"|" --exec-rate"|" --base"|" --batch"|" --linger"|" --threads"|" --gpu-layers"|" --serve"|" --http"|" --sessions"|" --via"|" --timeout") return ;;
        *) case "$command $cur" in
            " -"*) words="--jsonl --field --csv --tsv --column --no-header -0 --null --whole --window --stride --overflow -g --grep --with-input --scores --distribution --out-field --tee --min-confidence --abstain --max-tokens --stall --stall-answer --exec --on --exec-rate --base --print-base --verify --batch --linger --deterministic --no-memo --no-cache --merge --threads --gpu-layers --stats -q --quiet -v --verbose --serve --http --sessions --via --timeout --version --help" ;;
        esac ;;
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _pawrun pawrun
