"""What each kind of evidence counts in `labels`; written by `pawtrainer.fit_labels`."""

# fmt: off
WORDS: dict[str, float] = {
    "shown": 3.63, ":_arrow": -2.75, "words": -2.46, "in:slashes": 2.28, "in:pipes": 2.17, "tell_word": -1.87,
    "in:defined-when": 1.85, "after:glued": -1.8, "after:gets": 1.79, "in:to-the-end": 1.79,
    "in:defined-:-quoted": -1.78, "to_end": 1.74, "else_,": 1.72, ";_if": -1.71, "start_:": 1.71,
    "in:defined-note-quoted": -1.68, "in:concluded-:": 1.66, "after:else": 1.65, ")_(": 1.64, "tell_/": 1.63,
    "else_end": 1.6, "fellows-0": -1.54, "in:concluded-arrow": 1.54, "start_=": 1.53, "in:blanks/names": 1.52,
    "dash_:": 1.51, "gets_,": 1.5, "in:pipes/names": -1.49, "in:defined-dash": 1.47, "dash_=": 1.46,
    "in:defined-:": 1.45, ",_/": -1.41, "as_end": 1.41, "is-prose": -1.38, "=_end": 1.37, "after:start": 1.37,
    "in:joined": 1.35, ":_if": 1.34, "after:>": 1.33, "after:tell": 1.31, "unshown": -1.31, "before:;": 1.28,
    "=_)": 1.27, "after:;": 1.27, "before:else": 1.26, "before:arrow": -1.25, "before:if": 1.25, "gets_;":
    1.24, "in:after-arrow/to-the-end": 1.23, "is_end": 1.23, "in:pipes/tells": -1.2, ",_:": -1.19, ":_;":
    -1.19, "start_for": -1.19, "before:before": 1.16, "": -1.15, ";_dash": 1.15, "again": -1.15, "or_for":
    1.15, "(_of": -1.14, "=_,": 1.14, "before:}": -1.14, "dash_end": -1.14, "in:pipes/mid-sentence": 1.14,
    "=_word": -1.13, "after:no": -1.12, "in:sentence-start/to-the-end": 1.12, "before:quoted": -1.1,
    "before:beats": 1.09, "word_arrow": 1.09, "after:the": -1.08, "are_end": 1.08, "in:joined/sorts": -1.08,
    "in:many-words": -1.08, ":_=": 1.07, "is-capital": -1.07, "before:{": -1.06, "in:joined/tells": 1.06,
    "or_/": -1.06, ",_else": 1.05, ":_verb": 1.05, "after:arrow": 1.05, "before:(": 1.05, "in:defined-arrow":
    -1.05, "in:said": 1.05, "start_dash": 1.05, "after:/": 1.04, "gets_word": -1.03, "arrow_:": -1.01,
    "in:defined-=": 1.0, "|_word": 1.0, ",_}": 0.99, "after:by": -0.97, "before:for": 0.97, "the_)": -0.97,
    "in:commas/after-colon": -0.96, "before:of": -0.95, "before:that": -0.95, "as_,": 0.94, "before:dash":
    0.94, "in:ranks": 0.94, "(_/": 0.93, "word_=": -0.93, ",_for": 0.92, "word_before": 0.92, "(_)": 0.91,
    "after:word": -0.91, "|_(": -0.91, "after::": 0.9, "start_is": 0.9, "(_if": -0.89, "/_:": 0.89,
    "after:dash": 0.89, ":_for": 0.88, "are_;": 0.88, "in:names": 0.88, "or_:": -0.88, ";_:": 0.86, ";_in":
    0.86, "else_word": -0.86, "start_end": -0.86, "/_,": -0.85, "after:)": 0.85, "before:verb": -0.85,
    "in:in-note": -0.85, ",_or": 0.84, "/_=": -0.84, "in:slashes/after-arrow": 0.84, "to_;": 0.84,
    "after:with": -0.83, "in:commas/tells": 0.83, "is_,": 0.83, "said": 0.83, "the_of": 0.83, "used-3": -0.83,
    "or_is": -0.81, "after:=": 0.8, "in:blanks/sorts": -0.8, "in:slashes/mid-sentence": -0.8, ",_if": 0.79,
    "arrow_,": 0.79, "gets_end": 0.79, "|_:": -0.79, "tell_,": 0.78, "before:word": -0.77, "in:slashes/sorts":
    0.77, "of_,": 0.77, "{_:": -0.77, ",_is": 0.76, "/_or": -0.75, "in:joined/after-arrow": -0.75, "=_/":
    -0.74, "after:means": 0.74, "or_(": 0.74, ";_is": 0.73, "means_,": -0.73, "of_/": 0.73, "in:cut-first":
    0.72, "no_,": -0.72, "/_;": -0.71, ";_for": 0.71, "or_=": -0.71, "tell_)": 0.71, "in:one-shape-only":
    -0.7, "is-lower": -0.7, "after:,": 0.69, "in:slashes/names": -0.69, "quoted_,": 0.68, "|_}": -0.68,
    "(_or": -0.67, ":_(": 0.67, ":_|": -0.66, "a_end": 0.66, "a_or": 0.66, "arrow_;": -0.66,
    "in:commas/sentence-start": -0.66, "in:pipes/after-arrow": 0.66, "dash_,": -0.65, "or_end": 0.65,
    "start_;": -0.65, "in:commas/after-arrow": -0.64, "before:>": 0.63, "before:|": 0.63, "fellows-2": -0.63,
    "in:commas/sorts": 0.63, "in:sentence-start": -0.63, "tell_:": -0.63, "after:a": -0.62, "begins-longer":
    0.62, "in:blanks/after-arrow": 0.62, "word_is": -0.62, "=_(": -0.61, "in:commas": 0.61, "word_if": 0.61,
    "(_:": 0.6, "after:to": -0.6, "after:|": 0.6, "in:blanks/tells": -0.6, "tell_or": 0.6, "(_word": -0.59,
    "dash_for": 0.59, "in:after-colon": 0.59, "{_,": 0.59, ";_=": 0.58, "after:as": 0.58, "before:in": -0.58,
    "in:after-colon/to-the-end": 0.58, "in:cut-last": -0.58, "in:mid-sentence/to-the-end": -0.58, "the_end":
    -0.58, "after:for": -0.57, "before:end": 0.56, "in:after-colon/to-a-mark": -0.56, "or_in": 0.56, "tell_;":
    0.56, "the_(": 0.56, "word_:": -0.56, ",_dash": 0.55, ";_or": -0.55, "after:are": 0.55,
    "in:sorts/to-a-mark": -0.55, "is_(": -0.55, "in:pipes/sentence-start": -0.54, "of_)": -0.54, "start_or":
    0.54, "to_:": -0.54, "a_;": -0.53, "arrow_(": 0.53, "in:sorts/to-the-end": 0.53, "is-caps": 0.53,
    "are_word": -0.52, "long": -0.52, "start_(": 0.52, "start_/": 0.52, "to_arrow": -0.52, ",_arrow": -0.51,
    "a_)": -0.51, "of_;": 0.51, "the_is": -0.51, "in:slashes/tells": 0.5, "is_;": 0.5, "in:names/runs-on":
    0.49, "or_to": 0.49, "start_in": -0.49, "word_|": 0.49, "glued_,": -0.48, "if_word": -0.48,
    "in:commas/mid-sentence": 0.48, "rest": 0.48, ",_in": -0.47, "a_word": 0.47, "in:blanks/after-colon":
    -0.47, "in:long-first": -0.47, "in:mid-sentence/runs-on": -0.47, "or_if": -0.47, "word_/": 0.47, "/_)":
    0.46, "before:,": 0.46, "of_word": 0.46, "the_;": -0.46, "in:asks-other": -0.45, ")_word": -0.44, "/_end":
    -0.44, "after:not": -0.44, ",_,": -0.43, "before:only": 0.43, "is_if": -0.43, "no_word": 0.43, "or_dash":
    -0.43, ",_to": 0.42, ";_else": 0.42, "after:quoted": -0.42, "as_(": -0.42, "before:=": 0.42, "before:or":
    -0.42, "begins-none": -0.42, ";_end": 0.41, "in:sentence-start/runs-on": -0.41, "in:tells": 0.41,
    "in:tells/to-the-end": -0.41, "start_word": -0.41, "word_in": -0.41, "/_arrow": -0.4, ";_;": -0.4,
    ";_word": -0.4, "after:is": 0.4, "after:or": -0.4, "in:mid-sentence": -0.4, "=_;": 0.39, "arrow_verb":
    -0.39, "is_:": -0.39, "is_word": -0.39, "the_:": 0.39, "word_end": -0.39, ":_}": -0.37, ";_,": -0.37,
    "after:{": -0.37, "as_;": -0.37, "if_end": -0.37, "no_end": -0.37, "or_;": -0.37, "quoted_;": -0.37,
    "tell_if": 0.37, "to_or": -0.37, ":_is": 0.36, "before:to": -0.36, "is-number": 0.36, "of_end": -0.36,
    "/_is": -0.35, "in:joined/mid-sentence": -0.35, "or_word": 0.35, "tell_for": 0.35, "with_(": -0.35,
    ";_arrow": -0.34, "a_,": -0.34, "in:commas/names": 0.34, "start_else": 0.34, "to_verb": -0.34, "(_=":
    0.33, "a_verb": -0.33, "arrow_end": 0.33, "else_;": 0.33, "glued_or": -0.33, "in:line-starts": 0.33,
    "to_,": 0.33, ",_verb": 0.32, ":_:": -0.32, "dash_word": -0.32, "fellows-3": 0.32, "for_of": 0.32,
    "if_verb": 0.32, "used-2": -0.32, "with_,": 0.32, "(_to": -0.31, "in:defined-note": 0.31, "is_or": -0.31,
    "tell_verb": -0.31, "the_,": -0.31, "if_is": -0.3, "in:defined-when-quoted": 0.3, "start_of": -0.3,
    "to_)": -0.3, ",_that": -0.29, ";_/": -0.29, "as_:": -0.29, "|_|": 0.29, "=_verb": -0.28, "before:/":
    0.28, "before::": -0.28, "dash_(": 0.28, "else_(": 0.28, "for_;": -0.28, "in:slashes/sentence-start":
    -0.28, "word_;": -0.28, ",_=": 0.27, ":_to": 0.27, ";_(": -0.27, "after:(": 0.27, "before:is": 0.27,
    "for_:": -0.27, "glued_end": -0.27, "is-code": -0.27, "means_word": -0.27, "start_if": -0.27, "word_of":
    -0.27, "(_end": -0.26, "quoted_word": -0.26, "after:than": -0.25, "in:after-arrow/runs-on": -0.25,
    "in:after-arrow/to-a-mark": 0.25, "tell_end": -0.25, "a_is": 0.24, "arrow_word": 0.24,
    "in:names/to-a-mark": 0.24, "start_verb": 0.24, "tell_in": -0.24, "to_(": 0.24, "with_or": 0.24, "|_for":
    -0.24, "are_,": 0.23, "as_is": -0.23, "the_or": 0.23, "told": 0.23, ",_of": -0.22, "after:an": -0.22,
    "after:}": -0.22, "in:blanks/sentence-start": -0.22, "quoted_end": -0.22, "an_end": 0.21, "arrow_|":
    -0.21, "before:\"": -0.21, "for_,": -0.21, "glued_:": -0.21, "in:explained": 0.21, "is_for": -0.21,
    "or_arrow": 0.21, "or_verb": -0.21, "an_,": -0.2, "as_|": -0.2, "in:slashes/after-colon": -0.2, "of_(":
    -0.2, "with_end": -0.2, "/_word": 0.19, "as_word": -0.19, "by_end": -0.19, "for_end": -0.18, "the_word":
    0.18, "|_,": -0.17, "after:if": -0.16, "in:mid-sentence/to-a-mark": 0.15, "in:describes-input": -0.14,
    "in:blanks/mid-sentence": -0.02, "in:tells/to-a-mark": 0.02,
}

AGAIN: dict[str, float] = {
    "side-likely": 2.23, "": 1.63, "likely": -1.27, "own": 1.14, "family-likely": -0.72, "others": -0.69,
    "alike": -0.58, "is-caps": -0.56, "is-code": 0.42, "own*pair-likely": -0.37, "family1": 0.22,
    "pair-likely": -0.1,
}

SETS: dict[str, float] = {
    "none": -3.25, "says:json": -2.37, "all:after:/": -2.1, "rest-known": 2.04, "all:before:/": -1.7,
    "says:convert": -1.7, "shown": 1.67, "all:after:gets": 1.56, "no-rest": 1.55, "8-labels": -1.52,
    "defined-when": 1.52, "all:before:;": -1.51, "says:go": 1.5, "says:yes": 1.49, "all:after:,": -1.47,
    "said-outside": -1.44, "defined-=": 1.4, "all-code": -1.35, "says:should": 1.33, "says:into": -1.3,
    "long-label": -1.27, "all:before:,": -1.26, "defined-:": 1.26, "family-all-alone": 1.23, "says:leave":
    -1.21, "says:lowercase": -1.2, "long-first": -1.18, "says:write": -1.18, "2-labels": -1.13,
    "outsider-likely": 1.11, "says:form": -1.11, "says:otherwise": 1.11, "all:after:;": -1.08, "says:print":
    -1.06, "within-larger": -1.05, "one-shape-only": -1.04, "odd-characters": -1.03, "all:after:=": 1.01,
    "clean+closed+shown": 1.0, "lengthy": -1.0, "rest-added-beside": 1.0, "family-most-alone": 0.99,
    "all:before:dash": 0.97, "composed": -0.97, "side-most-alone": 0.97, "said-all": 0.96, "says:exactly":
    0.96, "tells": 0.96, "all:before::": 0.95, "says:list": -0.95, "says:sort": 0.95, "shown-several": 0.94,
    "all-capital": -0.92, "joined": 0.91, "all:after:word": -0.89, "says:output": -0.89, "says:counts": 0.87,
    "says:lower": -0.87, "all:before:if": 0.86, "says:extract": -0.85, "says:remove": -0.84, "defined-dash":
    0.83, "short": -0.83, "all:after:as": 0.82, "says:say": 0.82, "all:after:|": -0.81, "all:arrow_end": 0.81,
    "says:comma": -0.81, "shown+to-the-end": 0.81, "to-the-end": 0.81, "all:start_:": 0.8, "says:time": -0.77,
    "shown+2-labels": 0.77, "describes-input": -0.76, "slashes": 0.76, "says:result": -0.75, "tiny": -0.75,
    "says:does": 0.73, "says:kind": 0.73, "says:value": -0.72, "all:(_)": 0.71, "all:after:arrow": 0.71,
    "half-quoted": -0.71, "commas": 0.7, "says:what": 0.7, "all:before:|": -0.69, "rest-added/clauses": 0.68,
    "says:order": -0.68, "middling": -0.67, "blanks/after-colon": 0.66, "pipes": 0.65, "says:digits": -0.65,
    "after-arrow/runs-on": -0.64, "all:before:is": 0.64, "concluded-:": 0.64, "says:turn": -0.64,
    "tells/to-the-end": 0.64, "says:whether": 0.63, "blanks/sentence-start": -0.62, "says:labels": -0.62,
    "all::_end": 0.61, "assembled": 0.61, "clean+several+concluded-arrow": 0.61, "shown+quoted": 0.61,
    "all:after:tell": 0.6, "family-most": 0.59, "pipes/tells": 0.59, "says:words": -0.59, "agrees": 0.58,
    "blanks/after-arrow": -0.58, "3-labels": -0.57, "asks-other": -0.57, "cut-first": 0.56, "to-a-mark": 0.56,
    "clean+several+defined-=": -0.55, "mixed-shapes": -0.55, "names": 0.55, "says:name": -0.55,
    "within-one-larger": -0.54, "clean+several+defined-:": -0.53, "pair-most-alone": 0.53, "all:before:=":
    0.52, "clean+several+said": 0.52, "clean+several+said-all": 0.52, "commas/tells": 0.52, "names/runs-on":
    0.52, "said-outside-often": -0.52, "all:=_,": -0.51, "says:object": -0.51, "sorts": 0.51,
    "pipes/after-colon": -0.5, "slashes/after-arrow": 0.5, "all:after:start": 0.49, "all:tell_end": 0.49,
    "defined-note": 0.49, "after-colon": 0.48, "all-lower": -0.48, "blanks/tells": -0.48,
    "after-colon/to-the-end": 0.47, "explained": 0.46, "many-words": -0.46, "all:before:(": 0.45, "gap": 0.44,
    "all:after:or": -0.43, "all:start_dash": 0.43, "after-arrow/to-the-end": 0.42, "all:after:(": 0.42,
    "all:after:else": -0.42, "clean": 0.42, "pipes/names": 0.42, "says:as": -0.42, "says:judge": 0.42,
    "says:which": -0.42, "clean+shown": -0.41, "pair-most": -0.41, "says:each": -0.41, "says:first": -0.41,
    "says:tell": 0.41, "all-caps": -0.4, "all:after::": 0.39, "says:number": -0.39, "concluded-arrow": 0.38,
    "mid-sentence/to-a-mark": 0.38, "says:classify": -0.38, "side-all-alone": 0.38, "commas/after-colon":
    -0.37, "joined/after-colon": 0.37, "all:start_=": 0.36, "commas/mid-sentence": -0.36, "in-note": 0.36,
    "says:who": -0.36, "all:word_end": -0.35, "clean+quoted": 0.35, "mid-sentence/runs-on": -0.35,
    "rest-added": 0.35, "says:return": -0.35, "after-colon/runs-on": 0.34, "all:,_word": -0.34, "side-most":
    -0.34, "slashes/names": -0.34, "says:amount": 0.33, "bare-clause": -0.32, "pipes/sentence-start": -0.32,
    "says:decide": 0.32, "says:values": -0.32, "side-all": -0.32, "all:after:is": 0.31, "clean+agrees": 0.31,
    "weakest-likely": -0.31, "all-again": -0.3, "all:before:or": -0.3, "all:word_word": -0.3,
    "clean+several+concluded-:": 0.3, "long-last": -0.3, "says:when": 0.3, "sorts/runs-on": 0.3,
    "all:after:a": -0.29, "quoted": 0.28, "says:spelling": -0.28, "shown+agrees": 0.28, "all:before:end":
    0.27, "clean+several+defined-when": 0.27, "gives-instances": -0.27, "all:before:)": 0.26,
    "all:start_word": 0.26, "all:,_=": -0.25, "clean+several+said-outside-often": -0.25, "cut-last": -0.25,
    "all:,_(": -0.24, "says:label": -0.24, "says:fix": -0.23, "says:where": -0.23, "sentence-start/to-a-mark":
    0.23, "all:;_=": -0.22, "says:date": 0.22, "says:how": -0.22, "all:family": -0.21, "family-all": -0.21,
    "all:start_verb": 0.2, "joined/sentence-start": 0.2, "says:is": 0.2, "slashes/sentence-start": 0.2,
    "clean+all-again": -0.17, "clean+several+defined-dash": -0.16, "blanks/mid-sentence": 0.13, "half-again":
    -0.13, "pair-all": -0.13, "runs-on": 0.08, "4-labels": -0.03,
}
