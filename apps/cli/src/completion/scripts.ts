export type Shell = "bash" | "zsh" | "fish";

/** Each script asks `quiesce __complete WORDS…` for candidates, one a line; without any the shell offers files. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `# Load with: source <(quiesce completion bash)
_quiesce() {
  local IFS=$'\\n'
  COMPREPLY=($(quiesce __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _quiesce quiesce`,
  zsh: `#compdef quiesce
# Load with: source <(quiesce completion zsh)
_quiesce() {
  local -a candidates
  candidates=("\${(@f)$(quiesce __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[*]}" ]]; then compadd -- "\${candidates[@]}"; else _files; fi
}
compdef _quiesce quiesce`,
  fish: `# Load with: quiesce completion fish | source
complete -c quiesce -a '(quiesce __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'`,
};
