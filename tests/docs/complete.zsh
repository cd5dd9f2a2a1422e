#!/usr/bin/env zsh
# Prints what zsh offers for command lines: complete.zsh COMPLETION-FILE LINE...
# A zsh on a terminal of its own is given each line to complete; its compadd tells the matches.
zmodload zsh/zpty || exit 1
file=$1
folder=$file:A:h

zpty shell zsh -f -i
settle() {
  local text all= limit=600
  # Reads until the mark; nothing that is completed contains it.
  while (( limit-- > 0 )); do
    if zpty -r -t shell text; then
      all+=$text
      [[ $all == *$1* ]] && { REPLY=$all; return 0; }
    else
      sleep 0.02
    fi
  done
  print -u2 "no answer from zsh: ${(qqq)all}"
  exit 1
}

zpty -w shell "PROMPT= PS2= RPROMPT=; unsetopt zle_bracketed_paste prompt_cr prompt_sp; stty -echo; path=(${(qq)path}); fpath=(${(qq)folder} \$fpath)
autoload -Uz compinit; compinit -u -D
bindkey -e; setopt no_list_beep no_auto_menu
LISTMAX=10000
tell() { print -r -- \"=match=\$1\"; }
compadd() {
  local -a tell_words
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd \"\$@\"; return; fi
  builtin compadd -O tell_words \"\$@\"
  local w; for w in \$tell_words; do tell \"\${IPREFIX}\$w\"; done
  builtin compadd \"\$@\"
}
finish() { zle complete-word; print; print -r -- '=do''ne='; zle kill-whole-line; zle redisplay; }
zle -N finish; bindkey '^T' finish
print '=rea''dy='"
settle '=ready='
for line in "${@[2,-1]}"; do
  zpty -w -n shell "$line"$'\x14'
  settle '=done='
  print -r -- "$REPLY" | tr -d '\r' | sed -n 's/.*=match=//p'
  print '=next='
done
zpty -d shell
