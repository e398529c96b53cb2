# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_provider_global_optspecs
    string join \n config= state-file= dry-run v/verbose q/quiet color= no-progress log-format= wait= deadline= h/help V/version
end

function __fish_provider_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_provider_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_provider_using_subcommand
    set -l cmd (__fish_provider_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c provider -n "__fish_provider_needs_command" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_needs_command" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_needs_command" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_needs_command" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_needs_command" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_needs_command" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_needs_command" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_needs_command" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_needs_command" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_needs_command" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_needs_command" -s V -l version -d 'Print version'
complete -c provider -n "__fish_provider_needs_command" -f -a "demo" -d 'Show the whole of it, on embedded defaults, offline: from an order on a chain to money and a CSV file'
complete -c provider -n "__fish_provider_needs_command" -f -a "status" -d 'Show how this provider stands: workloads, usage, revenue, capacity, alerts, jobs'
complete -c provider -n "__fish_provider_needs_command" -f -a "init" -d 'Write a first configuration, an empty key folder and an empty state file'
complete -c provider -n "__fish_provider_needs_command" -f -a "keys" -d 'Make, keep, use, rotate and end keys'
complete -c provider -n "__fish_provider_needs_command" -f -a "tls" -d 'Make and look at the certificate of the provider\'s own server'
complete -c provider -n "__fish_provider_needs_command" -f -a "tx" -d 'Messages to the chain, and the transactions that bring them there exactly once'
complete -c provider -n "__fish_provider_needs_command" -f -a "bid" -d 'Bids: decide, price, bid, explain'
complete -c provider -n "__fish_provider_needs_command" -f -a "order" -d 'Orders of the market, and what we think of them'
complete -c provider -n "__fish_provider_needs_command" -f -a "lease" -d 'Leases: what they earn, when their money ends, why they ended'
complete -c provider -n "__fish_provider_needs_command" -f -a "escrow" -d 'The money behind leases and bids'
complete -c provider -n "__fish_provider_needs_command" -f -a "resources" -d 'What back ends have, and how much of it is taken'
complete -c provider -n "__fish_provider_needs_command" -f -a "pause" -d 'Make no new bids until `provider resume`'
complete -c provider -n "__fish_provider_needs_command" -f -a "resume" -d 'Bid again after `provider pause`'
complete -c provider -n "__fish_provider_needs_command" -f -a "usage" -d 'What workloads consumed: metered, checked, signed, submitted, exported'
complete -c provider -n "__fish_provider_needs_command" -f -a "settlement" -d 'What was submitted, what the chain recorded, what escrow paid'
complete -c provider -n "__fish_provider_needs_command" -f -a "earnings" -d 'What was earned: from the price of leases, and from settled usage'
complete -c provider -n "__fish_provider_needs_command" -f -a "alerts" -d 'What an operator should look at'
complete -c provider -n "__fish_provider_needs_command" -f -a "register" -d 'Enter the provider into the chain\'s register'
complete -c provider -n "__fish_provider_needs_command" -f -a "update" -d 'Change the provider\'s record in the chain\'s register'
complete -c provider -n "__fish_provider_needs_command" -f -a "info" -d 'Show what the chain\'s register says of a provider, and what auditors vouch for'
complete -c provider -n "__fish_provider_needs_command" -f -a "cert" -d 'The provider\'s certificates on chain: publish, show, revoke'
complete -c provider -n "__fish_provider_needs_command" -f -a "balance" -d 'Show what an account holds'
complete -c provider -n "__fish_provider_needs_command" -f -a "chain" -d 'The connection to the chain: its endpoints, and where it is'
complete -c provider -n "__fish_provider_needs_command" -f -a "state" -d 'Look after the state file'
complete -c provider -n "__fish_provider_needs_command" -f -a "workloads" -d 'What runs for leases, and for the operator: see it, steer it, hold it against the chain'
complete -c provider -n "__fish_provider_needs_command" -f -a "manifest" -d 'Check, convert and hash tenants\' files'
complete -c provider -n "__fish_provider_needs_command" -f -a "job" -d 'Show the runs of jobs'
complete -c provider -n "__fish_provider_needs_command" -f -a "jobs" -d 'Show the runs of jobs'
complete -c provider -n "__fish_provider_needs_command" -f -a "timers" -d 'Have systemd run the jobs'
complete -c provider -n "__fish_provider_needs_command" -f -a "serve" -d 'Serve health, metrics and the API'
complete -c provider -n "__fish_provider_needs_command" -f -a "api-token" -d 'Tokens by which operators\' programs ask the server'
complete -c provider -n "__fish_provider_needs_command" -f -a "audit-log" -d 'List the audit trail, or verify it'
complete -c provider -n "__fish_provider_needs_command" -f -a "logs" -d 'Show the last entries of the log file'
complete -c provider -n "__fish_provider_needs_command" -f -a "validate-config" -d 'Check the configuration, and show every problem at once'
complete -c provider -n "__fish_provider_needs_command" -f -a "config" -d 'Show the configuration, its schema and an example'
complete -c provider -n "__fish_provider_needs_command" -f -a "devnet" -d 'Run a development chain: for trying, rehearsing and testing without money'
complete -c provider -n "__fish_provider_needs_command" -f -a "version" -d 'Show the version of this program'
complete -c provider -n "__fish_provider_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c provider -n "__fish_provider_needs_command" -f -a "man" -d 'Print the manual page, or write all manual pages to a folder'
complete -c provider -n "__fish_provider_needs_command" -f -a "process-supervisor" -d 'Look after the processes of a workload until they have ended'
complete -c provider -n "__fish_provider_needs_command" -f -a "process-launch" -d 'Become a process of a workload, within its limits'
complete -c provider -n "__fish_provider_using_subcommand demo" -l keep -d 'Work in this new folder, and leave everything there for exploring' -r -F
complete -c provider -n "__fish_provider_using_subcommand demo" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand demo" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand demo" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand demo" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand demo" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand demo" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand demo" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand demo" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand demo" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand demo" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand demo" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand demo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand status" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand init" -l dir -d 'The folder to write to; ~/.provider-daemon unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand init" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand init" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand init" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand init" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand init" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand init" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand init" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand init" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand init" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand init" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand init" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "init" -d 'Make the key folder, and find out what its back end can'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "add" -d 'Make a key and keep it sealed with a passphrase'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "generate" -d 'Make a key and keep it sealed with a passphrase'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "list" -d 'List the keys, without unlocking them'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "show" -d 'Show the public part of a key, without unlocking it'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "export-public" -d 'Print the public part of a key in a form that other software reads'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "import" -d 'Keep a key that other software made'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "test-sign" -d 'Unlock a key, sign a text that means nothing, and verify the signature'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "open" -d 'Open what was sealed to one of our keys'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "seal" -d 'Seal a text for a key, as tenants do'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "backup" -d 'Write all keys to one encrypted file, and verify it'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "restore" -d 'Put keys from a backup into the key folder'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "register" -d 'Register an encryption key on the chain, so that tenants seal for it'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "revoke" -d 'Revoke an encryption key on the chain, so that nobody seals for it any more'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "rotate" -d 'Put new keys in the place of old ones'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "status" -d 'Show where every key stands in its life, and what is due'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "set-policy" -d 'Show or change the rules for keys: their age, their grace period, who approves what'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "approve" -d 'Approve what a key waits for: its activation, or its destruction'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "suspend" -d 'Take an active key out of use until somebody decides'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "resume" -d 'Take a suspended key into use again'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "deactivate" -d 'End the grace period of a rotated key'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "compromise" -d 'Give a key up that others may have: the incident procedure'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "archive" -d 'Put a suspended or deactivated key away'
complete -c provider -n "__fish_provider_using_subcommand keys; and not __fish_seen_subcommand_from init add generate list show export-public import test-sign open seal backup restore register revoke rotate status set-policy approve suspend resume deactivate compromise archive destroy" -f -a "destroy" -d 'Delete an archived or compromised key for good'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l storage-type -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l key-dir -d 'The key folder; keys.keyring_path unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l type -d 'The type of the key; the role that the configuration gives to its name decides unless given' -r -f -a "secp256k1\t''
ed25519\t''
x25519\t''
p256\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l mnemonic-file -d 'Read the mnemonic from this file, which only its owner may read, instead of the terminal' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l hd-path -d 'Where the key is derived from the mnemonic; m/44\'/118\'/0\'/0/0 unless given' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l existing -d 'Take over a key that its back end has already, under this name'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l recover -d 'Make the key from a mnemonic that exists'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l print-mnemonic -d 'Print the mnemonic on stdout with the rest, instead of on the terminal'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l no-mnemonic -d 'Show the mnemonic to nobody: only a copy of the key\'s file brings the key back'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l algorithm -d 'The type of the key' -r -f -a "secp256k1\t''
ed25519\t''
x25519\t''
p256\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l mnemonic-file -d 'Read the mnemonic from this file, which only its owner may read, instead of the terminal' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l hd-path -d 'Where the key is derived from the mnemonic; m/44\'/118\'/0\'/0/0 unless given' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l existing -d 'Take over a key that its back end has already, under this name'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l recover -d 'Make the key from a mnemonic that exists'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l print-mnemonic -d 'Print the mnemonic on stdout with the rest, instead of on the terminal'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l no-mnemonic -d 'Show the mnemonic to nobody: only a copy of the key\'s file brings the key back'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -s a -l address -d 'Print only the address of its account'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -s p -l pubkey -d 'Print only its public key, in base64'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l form -d 'The form' -r -f -a "pem\t'SubjectPublicKeyInfo, as OpenSSL reads it'
cosmos\t'The JSON of Cosmos programs'
base64\t'The bytes in base64'
hex\t'The bytes in hexadecimal digits'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from export-public" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l type -d 'The type of the key; what the file says, or the role of the name, unless given' -r -f -a "secp256k1\t''
ed25519\t''
x25519\t''
p256\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from test-sign" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l output-file -d 'Write what was sealed to this file, which must not exist and only its owner may read, instead of stdout' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from open" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l for -d 'For whom: the name of a key of ours, or a public key in base64; the encryption key in use unless given' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from seal" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -s o -l output -d 'The file to write, or a folder that gets a file named by the time' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l backup-passphrase-file -d 'Read the backup\'s passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l format -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l backup-passphrase-file -d 'Read the backup\'s passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l label -d 'What the chain calls it; the name of the key unless given' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from register" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l fingerprint -d 'The key\'s fingerprint on the chain: 40 hexadecimal digits' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l force -d 'Revoke it even if it is the key in use'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l reason -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l if-due -d 'Do what the key policy asks for, and nothing else'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l again -d 'Rotate a key again that took over a moment ago, while the one before it is in its grace period'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Do not ask before a place on the chain is taken'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l check -d 'End with exit code 1 if something is due or wrong'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l name -d 'What the policy is called' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l max-age-days -d 'The age at which a key is due for rotation' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l grace-period-hours -d 'How long a rotated key still opens and verifies' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l expiration-days -d 'The age at which a key makes no more signatures' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l archive-after-days -d 'How long a deactivated key waits to be archived' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l destroy-after-days -d 'How long an archived key is kept before it is due for destruction' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l require-approval-for-activation -d 'A new key is used only after `keys approve`' -r -f -a "true\t''
false\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l require-approval-for-destruction -d 'A key is destroyed only after `keys approve`' -r -f -a "true\t''
false\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l auto-rotate -d '`keys rotate --if-due` does what is due; else it only says so' -r -f -a "true\t''
false\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l notify-before-days -d 'How long before a key expires it is called to attention' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l allowed-key-types -d 'The types of signing keys that may be made, with commas between them' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l minimum-key-strength -d 'The fewest bits of a new key' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l reset -d 'Take back what was set before'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from set-policy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l reason -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l reason -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from suspend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l reason -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l reason -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from deactivate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l reason -d 'What happened, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l sweep-to -d 'For the key of an account: send what it holds to this address, whose key nobody else has' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l close-lease -d 'For the key of an account: close this lease of it, OWNER/DSEQ/GSEQ/OSEQ; may be given several times' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l close-leases -d 'For the key of an account: close every lease of it'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l offline -d 'Give the key up, pause bids, rotate what needs no chain, and leave the chain alone'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from compromise" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l reason -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from archive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l reason -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l keyring-backend -d 'Where keys are kept; keys.keyring_backend unless given' -r -f -a "file\t''
hardware\t''
ledger\t''
non_custodial\t''
memory\t''"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -s y -l yes -d 'Do not ask'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l early -d 'Do not wait until the policy\'s time is over'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l force -d 'Delete it even if others may still seal for it, if its file cannot be read, or if its account may not be empty'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand keys; and __fish_seen_subcommand_from destroy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -f -a "generate" -d 'Make a certificate for the provider\'s own server'
complete -c provider -n "__fish_provider_using_subcommand tls; and not __fish_seen_subcommand_from generate show" -f -a "show" -d 'Show a certificate: whose it is, for which names, how long it is good, and whether its key fits'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l hostname -d 'A name or address of the server; more than one with commas between them, or with the option again' -r
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -s o -l output -d 'The folder to write to; `tls` beside the state file unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l days -d 'For how many days the certificate is good' -r
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l format -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l ca -d 'Have an authority of the folder\'s own sign it'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l renew -d 'Replace a certificate that is there'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tls; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -f -a "list" -d 'List messages of the outbox, the newest first'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -f -a "show" -d 'Show a message or a transaction, and every change of its state'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -f -a "flush" -d 'Sign and send what is queued, and find out what became of what was sent'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -f -a "retry" -d 'Put messages that were refused, came too late or were abandoned back into the queue'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -f -a "abandon" -d 'Give messages up that are not signed yet'
complete -c provider -n "__fish_provider_using_subcommand tx; and not __fish_seen_subcommand_from list show flush retry abandon confirm" -f -a "confirm" -d 'Let messages go on that wait for a person, and send them while you are there'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l state -d 'In this state only' -r -f -a "queued\t''
needs_confirmation\t''
in_flight\t''
done\t''
refused\t''
expired\t''
abandoned\t''"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l since -d 'Wanted at this time or later: a date, a time, or a duration such as 2h' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l limit -d 'So many at most' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l open -d 'Those only that are not settled'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from flush" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from retry" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from abandon" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l all -d 'All that wait'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand tx; and __fish_seen_subcommand_from confirm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -f -a "run" -d 'Look at the open orders, decide about each, and bid'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -f -a "list" -d 'List our bids that may still become something, the newest first'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -f -a "history" -d 'List all our bids, the newest first, those that are over too'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -f -a "status" -d 'Say how bidding stands: limits, bids by state, what was declined and why'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -f -a "create" -d 'Bid on an order, at a price of one\'s own'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -f -a "cancel" -d 'Close an open bid of ours, or drop a proposal'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -f -a "approve" -d 'Send proposals: bids that wait for a person because bidding.auto_accept.enabled is false'
complete -c provider -n "__fish_provider_using_subcommand bid; and not __fish_seen_subcommand_from run list history status create cancel approve explain" -f -a "explain" -d 'Explain what becomes of an order: every check, every part of the price, what is behind it'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l follow -d 'Stay, and react to each new block'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l state -d 'In this state only' -r -f -a "proposed\t''
queued\t''
open\t''
active\t''
lost\t''
closed\t''
refused\t''
dropped\t''"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l limit -l last -d 'So many at most' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l locked -d 'Those only whose deposit is with the chain'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l limit -d 'So many at most' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l order-id -d 'The order: OWNER/DSEQ/GSEQ/OSEQ' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l price -d 'The price of a block, in the order\'s denomination' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l deposit -d 'What the bid locks; the market\'s least unless given' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l force -d 'Bid although there is nobody to pay, or no room for it'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l even-though-paused -d 'Bid although new bids are paused'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l bid-id -d 'The bid: its number, its order, or OWNER/DSEQ/GSEQ/OSEQ/PROVIDER' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -s y -l yes -d 'Do not ask'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l all -d 'Every proposal'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from approve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand bid; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -f -a "list" -d 'List the open orders, each with our price or why it gets no bid'
complete -c provider -n "__fish_provider_using_subcommand order; and not __fish_seen_subcommand_from list show" -f -a "show" -d 'Show an order: what it asks for, in all, and as the chain has it'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l limit -d 'So many at most' -r
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l biddable -d 'Those only that could get a bid'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand order; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -f -a "list" -d 'List our leases: what they earn, and how long the tenant\'s money lasts'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -f -a "show" -d 'Show a lease: what it earns, the money behind it, and how it ended'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -f -a "close" -d 'End a lease'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -f -a "withdraw" -d 'Withdraw what leases have earned'
complete -c provider -n "__fish_provider_using_subcommand lease; and not __fish_seen_subcommand_from list show close withdraw monitor" -f -a "monitor" -d 'Watch our leases: their money, their ends, and withdrawals that are due'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l state -d 'In this state, without a look at the money' -r -f -a "active\t''
insufficient_funds\t''
closed\t''
reclaiming\t''
all\t''"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l limit -d 'So many at most' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l reason -d 'What the tenant is told' -r -f -a "unstable\t'The workload is not stable'
decommission\t'The machine is taken away'
unspecified\t'No reason is given'
manifest-timeout\t'The tenant never sent a manifest'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -s y -l yes -d 'Do not ask'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l all -d 'From every lease that has earned something, and does not end by it'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l even-if-it-ends -d 'Also from a lease that ends by it'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from withdraw" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand lease; and __fish_seen_subcommand_from monitor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -f -a "list" -d 'List the accounts that pay our leases: what is left, what is taken of it, and how long it lasts'
complete -c provider -n "__fish_provider_using_subcommand escrow; and not __fish_seen_subcommand_from list show" -f -a "show" -d 'Show an account: that of a deployment, which pays its leases, or that of a bid, which holds its deposit'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand escrow; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand resources; and not __fish_seen_subcommand_from status" -f -a "status" -d 'Show what is allocated, what is available, and the utilization of each resource'
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand resources; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand pause" -l reason -d 'Why' -r
complete -c provider -n "__fish_provider_using_subcommand pause" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand pause" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand pause" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand pause" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand pause" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand pause" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand pause" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand pause" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand pause" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand pause" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand pause" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand resume" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand resume" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand resume" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand resume" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand resume" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand resume" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand resume" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand resume" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand resume" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand resume" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand resume" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "collect" -d 'Read what workloads used, and make records of the metering windows that are complete'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "submit" -d 'Bring signed usage records onto the chain, settle what is there, and withdraw what leases earned'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "pending" -d 'List usage records that are not on the chain yet, and what they wait for'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "history" -d 'List the last usage records that were submitted'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "list" -d 'List usage records, in the order of their windows'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "show" -d 'Show one usage record: what was used, what is not known, what it charges'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "review" -d 'Decide about usage records that the fraud check holds; without an id, list them, without a decision, show one'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "record" -d 'Write down what no back end measured, or correct a record'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "export" -d 'Write usage records to a file or to stdout, any number of them'
complete -c provider -n "__fish_provider_using_subcommand usage; and not __fish_seen_subcommand_from collect submit pending history list show review record export verify" -f -a "verify" -d 'Verify signed usage records: from a file, or one of the state file'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l accept-clock -d 'The clock is right, although it jumped ahead since the last collection'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from collect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l charge-again -d 'Send this record although the chain has usage of a part of its time that is not known here, as after `state restore`' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l force -d 'Take records up again whose retries are used up, and wait for nobody\'s time'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from submit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from pending" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l limit -d 'That many at most' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l lease -d 'Only records of this lease' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l tenant -d 'Only records of this tenant\'s leases' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l record-state -d 'Only records in this state; may be given several times' -r -f -a "held\t''
rejected\t''
pending\t''
no_escrow\t''
submitted\t''
recorded\t''
settled\t''
failed\t''
local\t''"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l start -d 'Only windows that begin then or later: RFC 3339, a date, or a span as in 48h' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l end -d 'Only windows that begin before then' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l limit -d 'That many at most, the newest ones' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l pending -d 'Only records that somebody still has to do something with'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l superseded -d 'Corrected revisions, too'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l document -d 'Print the signed document instead, as anybody can verify it'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l reject -d 'It is wrong, for this reason' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l by -d 'Who decides; the user of this process unless given' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l approve -d 'It is right'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from review" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l lease-id -d 'The lease: owner/dseq/gseq/oseq/provider' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l start -d 'When the window begins: RFC 3339, a date, or a span as in 2h' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l end -d 'When the window ends' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l cpu-milliseconds -d 'Processor time, in thousandths of a second of one core' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l memory-byte-seconds -d 'Memory over time' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l storage-byte-seconds -d 'Storage over time' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l network-bytes-in -d 'Bytes that came in' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l network-bytes-out -d 'Bytes that went out' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l gpu-seconds -d 'GPU time, in seconds of one GPU' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l final -d 'It is the last record of the lease'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l correct -d 'Make a new revision of the record of exactly this window'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from record" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l lease -d 'Only records of this lease' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l tenant -d 'Only records of this tenant\'s leases' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l record-state -d 'Only records in this state; may be given several times' -r -f -a "held\t''
rejected\t''
pending\t''
no_escrow\t''
submitted\t''
recorded\t''
settled\t''
failed\t''
local\t''"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l start -d 'Only windows that begin then or later: RFC 3339, a date, or a span as in 48h' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l end -d 'Only windows that begin before then' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l format -d 'The form' -r -f -a "csv\t'For spreadsheets: a header, and a line for each row'
json\t'An array of objects'
jsonl\t'An object in each line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l per -d 'A row for each' -r -f -a "window\t'A metering window: one record'
lease\t'A lease: the sums of its records, but for rejected ones'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -s o -l output -d 'The file; stdout for `-`' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l superseded -d 'Corrected revisions, too'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l signatures -d 'Hash, signature and public key, too'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l documents -d 'Signed documents instead of rows, one in each line, as `usage verify` takes them'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l public-key -d 'The key that must have signed, in base64' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand usage; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -f -a "list" -d 'List settlements, the newest first'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -f -a "show" -d 'Show the ledger of a lease: what became of every unit that was metered'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -f -a "sync" -d 'Read what the chain says of our leases\' money and of the usage that we recorded, and hold it against our books'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -f -a "settle" -d 'Settle the recorded usage of an order now'
complete -c provider -n "__fish_provider_using_subcommand settlement; and not __fish_seen_subcommand_from list show sync settle dispute" -f -a "dispute" -d 'Dispute the settlement escrow of an order: nothing more is paid from it until it is resolved'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l lease -d 'Only settlements of this lease' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l limit -d 'That many at most' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l amount -d 'What the escrow holds: a final settlement takes exactly this' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l final -d 'Take the whole rest of the escrow, and end it'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from settle" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l reason -d 'Why' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l evidence -d 'What shows it: an address, a hash' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand settlement; and __fish_seen_subcommand_from dispute" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand earnings" -l by -d 'Sum it up' -r -f -a "day\t'Each day in UTC'
lease\t'Each lease'
tenant\t'Each tenant'"
complete -c provider -n "__fish_provider_using_subcommand earnings" -l start -d 'Only what was noticed then or later: RFC 3339, a date, or a span as in 48h' -r
complete -c provider -n "__fish_provider_using_subcommand earnings" -l end -d 'Only what was noticed before then' -r
complete -c provider -n "__fish_provider_using_subcommand earnings" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand earnings" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand earnings" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand earnings" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand earnings" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand earnings" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand earnings" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand earnings" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand earnings" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand earnings" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand earnings" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand earnings" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -f -a "list" -d 'List the alerts that fire'
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -f -a "ack" -d 'Take note of alerts: they still fire, and say who looks after them'
complete -c provider -n "__fish_provider_using_subcommand alerts; and not __fish_seen_subcommand_from list ack test" -f -a "test" -d 'Tell every channel of alerts.notify a test, now'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l limit -d 'That many at most' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l all -d 'Those that ended, too'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l by -d 'Who takes note; the user of this process unless given' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from ack" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand alerts; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand register" -l host-uri -d 'Where tenants reach the gateway, as in `https://provider.example.com:8443`; provider.host_uri unless given' -r
complete -c provider -n "__fish_provider_using_subcommand register" -l name -d 'The name shown to tenants; provider.name unless given (the attribute `name`: the register has no field for it); an empty value takes it away' -r
complete -c provider -n "__fish_provider_using_subcommand register" -l contact -d 'Where tenants can write to; provider.contact_email unless given; an empty value takes it away' -r
complete -c provider -n "__fish_provider_using_subcommand register" -l website -d 'Where tenants can read more; provider.website unless given; an empty value takes it away' -r
complete -c provider -n "__fish_provider_using_subcommand register" -l attributes -d 'What orders can ask for, as in region=us-east,arch=amd64; an empty value takes one away' -r
complete -c provider -n "__fish_provider_using_subcommand register" -l deposit -d 'Accepted because older documents have it: the chain takes no stake' -r
complete -c provider -n "__fish_provider_using_subcommand register" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand register" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand register" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand register" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand register" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand register" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand register" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand register" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand register" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand register" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand register" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand register" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand register" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand update" -l host-uri -d 'Where tenants reach the gateway, as in `https://provider.example.com:8443`; provider.host_uri unless given' -r
complete -c provider -n "__fish_provider_using_subcommand update" -l name -d 'The name shown to tenants; provider.name unless given (the attribute `name`: the register has no field for it); an empty value takes it away' -r
complete -c provider -n "__fish_provider_using_subcommand update" -l contact -d 'Where tenants can write to; provider.contact_email unless given; an empty value takes it away' -r
complete -c provider -n "__fish_provider_using_subcommand update" -l website -d 'Where tenants can read more; provider.website unless given; an empty value takes it away' -r
complete -c provider -n "__fish_provider_using_subcommand update" -l attributes -d 'What orders can ask for, as in region=us-east,arch=amd64; an empty value takes one away' -r
complete -c provider -n "__fish_provider_using_subcommand update" -l deposit -d 'Accepted because older documents have it: the chain takes no stake' -r
complete -c provider -n "__fish_provider_using_subcommand update" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand update" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand update" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand update" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand update" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand update" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand update" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand update" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand update" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand update" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand update" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand update" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand info" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand info" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand info" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand info" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand info" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand info" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand info" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand info" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand info" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand info" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand info" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand info" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -f -a "publish" -d 'Publish a certificate of the provider on chain: a new one, or one from a file'
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -f -a "show" -d 'List the certificates that an account has published'
complete -c provider -n "__fish_provider_using_subcommand cert; and not __fish_seen_subcommand_from publish show revoke" -f -a "revoke" -d 'Revoke a certificate of the provider on chain, for ever'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l hostname -d 'A host name or an IP address for which the new certificate is valid; may be given several times' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l days -d 'For how many days the new certificate is valid' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l folder -d 'The folder for the new certificate and its key; `certificates` beside the folder of keys unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l certificate -d 'Publish this certificate (PEM) instead of a new one' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from publish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand balance" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand balance" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand balance" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand balance" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand balance" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand balance" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand balance" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand balance" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand balance" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand balance" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand balance" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand balance" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -f -a "ping" -d 'Ask every endpoint of the chain how it stands'
complete -c provider -n "__fish_provider_using_subcommand chain; and not __fish_seen_subcommand_from ping status" -f -a "status" -d 'Show where the chain is and what it asks for'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from ping" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand chain; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -f -a "check" -d 'Read the whole state file, and list everything that is wrong with it'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -f -a "backup" -d 'Write a consistent, verified copy of the state file, while others use it'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -f -a "restore" -d 'Put a backup in the place of the state file'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -f -a "vacuum" -d 'Give the free pages of the state file back to the disk'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -f -a "prune" -d 'Remove settled rows past their retention (`state.retention`)'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -f -a "maintain" -d 'Prune, back up, check and, when it is worth it, vacuum the state file'
complete -c provider -n "__fish_provider_using_subcommand state; and not __fish_seen_subcommand_from check backup restore vacuum prune maintain path" -f -a "path" -d 'Print where the state file is'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -s o -l output -d 'The file to write, or a folder that gets a file named by the time; `state.backup.dir` unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l format -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l force -d 'Replace the file if it exists'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from backup" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l force -d 'Also where the audit trail in the backup is not what was sealed; `provider audit-log verify` will always say so'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from vacuum" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from maintain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand state; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "deploy" -d 'Give a workload its manifest; reconcile runs it'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "list" -d 'List the workloads, without those that are over'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "show" -d 'Show what the state file knows of a workload'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "status" -d 'Show how many workloads are in which state, or how the units of one are right now'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "logs" -d 'Show the output of a workload'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "metrics" -d 'Show what the units of a workload use now, and what ended ones used last'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "events" -d 'List what happened to a workload: transitions, what the operator asked for, what its back end was asked'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "pause" -d 'Hold a workload still, with its memory and its data'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "resume" -d 'Let a workload go on that was paused, stopped or given up'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "stop" -d 'End a workload, and keep its data; it stays so until it is resumed'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "restart" -d 'End a workload and start it again'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "terminate" -d 'End a workload for good; a lease is closed on chain first'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "drain" -d 'Take no new work: for maintenance'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "orphans" -d 'List what runs with our label, and nothing asks for'
complete -c provider -n "__fish_provider_using_subcommand workloads; and not __fish_seen_subcommand_from deploy list show status logs metrics events pause resume stop restart terminate drain orphans reconcile" -f -a "reconcile" -d 'Hold what runs against the chain and the state file, and do something about the difference'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l manifest -d 'The file: an SDL, `v2beta1`, `v1`, or a manifest in JSON' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l lease -d 'The lease that it is for, as OWNER/DSEQ/GSEQ/OSEQ/PROVIDER' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l name -d 'The name of the operator\'s own workload; that of the manifest\'s group unless given' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l passphrase-file -d 'Read the passphrase from the first line of this file, which only its owner may read' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l now -d 'Run it at once'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from deploy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l state -d 'Only those in this state' -r -f -a "pending\t''
deploying\t''
running\t''
paused\t''
stopping\t''
stopped\t''
failed\t''
terminated\t''"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l all -d 'Those that are over too'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l tail -d 'That many lines of each unit at most, the last ones (0 to 100000)' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l service -d 'Only of this service' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -s f -l follow -d 'Go on as more comes, until Ctrl-C'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from metrics" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from events" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l note -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l now -d 'Carry it out at once'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l note -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l now -d 'Carry it out at once'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l note -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l now -d 'Carry it out at once'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l force -d 'Without giving it time'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l note -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l now -d 'Carry it out at once'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from restart" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l note -d 'Why, for the record' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l now -d 'Carry it out at once'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from terminate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l reason -d 'Why, as tenants are shown it' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l end -d 'Take new work again'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from drain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from orphans" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l workload -d 'Only this workload' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand workloads; and __fish_seen_subcommand_from reconcile" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -f -a "validate" -d 'Check a tenant\'s file, and say everything that is wrong with it'
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -f -a "convert" -d 'Make the chain\'s own JSON of a tenant\'s file'
complete -c provider -n "__fish_provider_using_subcommand manifest; and not __fish_seen_subcommand_from validate convert hash" -f -a "hash" -d 'Print the version of a manifest: what stands on chain as the deployment\'s hash'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l to -d 'What to make' -r -f -a "manifest\t'What the provider is sent, to the byte'
groups\t'What is ordered on chain'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand manifest; and __fish_seen_subcommand_from hash" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -f -a "list" -d 'List every job with its last run, and who runs it now'
complete -c provider -n "__fish_provider_using_subcommand job; and not __fish_seen_subcommand_from list history" -f -a "history" -d 'List the past runs, newest first'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l since -d 'Only runs that began since then: RFC 3339, a date, or a span as in 48h' -r
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l limit -d 'That many at most' -r
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand job; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -f -a "list" -d 'List every job with its last run, and who runs it now'
complete -c provider -n "__fish_provider_using_subcommand jobs; and not __fish_seen_subcommand_from list history" -f -a "history" -d 'List the past runs, newest first'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l since -d 'Only runs that began since then: RFC 3339, a date, or a span as in 48h' -r
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l limit -d 'That many at most' -r
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand jobs; and __fish_seen_subcommand_from history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -f -a "install" -d 'Write the units, with the paths and intervals of this configuration'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -f -a "enable" -d 'Start all timers and the server, now and at each boot'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -f -a "status" -d 'Show each job\'s timer, its last run and its next'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -f -a "uninstall" -d 'Stop all timers and the server, and remove the units'
complete -c provider -n "__fish_provider_using_subcommand timers; and not __fish_seen_subcommand_from install enable status uninstall failed" -f -a "failed" -d 'Say that a unit failed: in the log, and to the program that `timers.on_failure` names'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l account -d 'The account that runs the jobs of the machine\'s systemd' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l dir -d 'Write them into this folder only, and tell systemd nothing' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l user -d 'Your own systemd instead of the machine\'s'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l user -d 'Your own systemd instead of the machine\'s'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l user -d 'Your own systemd instead of the machine\'s'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l dir -d 'Remove them from this folder only, and tell systemd nothing' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l user -d 'Your own systemd instead of the machine\'s'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand timers; and __fish_seen_subcommand_from failed" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand serve" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand serve" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand serve" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand serve" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand serve" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand serve" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand serve" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand serve" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand serve" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand serve" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -f -a "create" -d 'Make a token, and show it this once'
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -f -a "list" -d 'List the tokens that count'
complete -c provider -n "__fish_provider_using_subcommand api-token; and not __fish_seen_subcommand_from create list revoke" -f -a "revoke" -d 'Take a token back; within a second it counts no more'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l scope -d 'What it is good for' -r -f -a "read\t'Look at everything'
act\t'Pause, resume, stop and restart workloads too'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l expires -d 'When it ends by itself: after this time, or `never`' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l all -d 'Those too that are revoked or over'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand api-token; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l since -d 'Only what was recorded since then: RFC 3339, a date, or a span as in 48h or \'48 hours ago\'' -r
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l event -d 'Only this event' -r -f -a "key_usage\t''
bid_submitted\t''
workload_deployed\t''
workload_terminated\t''
usage_submitted\t''
config_changed\t''
state_restored\t''"
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l limit -d 'Only the last ones, that many at most' -r
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and not __fish_seen_subcommand_from verify" -f -a "verify" -d 'Tell whether the audit trail is what was recorded'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand audit-log; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand logs" -l tail -d 'That many entries at most, the last ones (1 to 100000)' -r
complete -c provider -n "__fish_provider_using_subcommand logs" -l level -d 'Only entries of this level, and more important ones' -r -f -a "error\t''
warn\t''
info\t''
debug\t''
trace\t''"
complete -c provider -n "__fish_provider_using_subcommand logs" -l since -d 'Only entries since then: RFC 3339, a date, or a span as in 48h or \'48 hours ago\'' -r
complete -c provider -n "__fish_provider_using_subcommand logs" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand logs" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand logs" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand logs" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand logs" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand logs" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand logs" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand logs" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand logs" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand logs" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand logs" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand logs" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand validate-config" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l effective -d 'Show every value that is in force, and where it comes from'
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l check-connectivity -d 'Also ask whether what the configuration names can be had: nodes, files, addresses to listen on'
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand validate-config" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand validate-config" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand validate-config" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand validate-config" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -f -a "show" -d 'Show every value that is in force, and where it comes from'
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -f -a "schema" -d 'Print the JSON Schema of the configuration file'
complete -c provider -n "__fish_provider_using_subcommand config; and not __fish_seen_subcommand_from show schema example" -f -a "example" -d 'Print a configuration file that holds every key, with its meaning and its default'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l set -d 'Show only what is set, without defaults'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand config; and __fish_seen_subcommand_from example" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "start" -d 'Start the development chain, or go on with it'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "stop" -d 'End the development chain; what it holds stays'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "status" -d 'Show where the development chain is'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "reset" -d 'Take the development chain away; the next start begins a new one'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "fund" -d 'Give an account coins out of nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "identity" -d 'Say how well an account\'s owner is known (VirtEngine)'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "advance" -d 'Make blocks at once: so many, or as long as a time takes'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "provider" -d 'Look after the providers of the development chain'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "tenant" -d 'Play a tenant on the development chain'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "fault" -d 'Make the development chain misbehave on purpose'
complete -c provider -n "__fish_provider_using_subcommand devnet; and not __fish_seen_subcommand_from start stop status reset fund identity advance provider tenant fault seed" -f -a "seed" -d 'Fill the development chain, for tests'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l home -d 'The chain\'s folder; ~/.provider-daemon/devnet unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l chain-id -d 'The chain\'s id [default: the genesis\'s, else devnet-NETWORK-1; that of the chain that is there]' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l genesis -d 'What a new chain begins with: accounts, identity scores and providers, in JSON; may be a pipe' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l network -d 'The network whose rules it follows [default: virtengine; that of the chain that is there]' -r -f -a "virtengine\t'VirtEngine'
akash\t'Akash'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l profile -d 'How strict it is about identity and second factors (VirtEngine) [default: localnet; that of the chain that is there]' -r -f -a "localnet\t'Identity scores are asked for, second factors are not'
strict\t'As the default genesis: messages that ask for a second factor cannot be sent'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l block-time -d 'The time between blocks, as in 1s; 0 makes a block for each transaction at once' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l grpc-addr -d 'Where gRPC listens; port 0 takes a free one' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l rpc-addr -d 'Where CometBFT\'s RPC listens; port 0 takes a free one' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l refuse-provider-messages -d 'Refuse messages that register or change a provider, as the recorded VirtEngine node does'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l background -d 'Run it in the background, and come back when it answers'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l home -d 'The chain\'s folder; ~/.provider-daemon/devnet unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l home -d 'The chain\'s folder; ~/.provider-daemon/devnet unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l home -d 'The chain\'s folder; ~/.provider-daemon/devnet unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l home -d 'The chain\'s folder; ~/.provider-daemon/devnet unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fund" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l home -d 'The chain\'s folder; ~/.provider-daemon/devnet unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from identity" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l blocks -d 'So many blocks, the usual time apart; 1000000 at most' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l time -d 'That long, as in 30d' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l home -d 'The chain\'s folder; ~/.provider-daemon/devnet unless given' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from advance" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from provider" -f -a "add" -d 'Register a provider as genesis does, without a transaction'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "show" -d 'Show the tenant\'s address'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "deploy" -d 'Make a deployment: one open order for each of its groups'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "accept" -d 'Accept the cheapest bid for each open order of a deployment'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "close-lease" -d 'Close the active leases of a deployment'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "close" -d 'Close a deployment, and everything in it'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "pause" -d 'Pause a group'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "start" -d 'Start a group that was paused: a new order follows'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "top-up" -d 'Add to a deployment\'s escrow account'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "escrow" -d 'Set money aside for the usage of a lease, and name its provider as who is paid'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from tenant" -f -a "acknowledge" -d 'Agree with usage that was recorded'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "delay" -d 'Answer later'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "drop" -d 'End the connection without an answer'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "half" -d 'End the connection in the middle of the answer'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "stale" -d 'Answer as some blocks ago'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "catching-up" -d 'Say that the node is catching up'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "swallow" -d 'Accept transactions and never include them'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "late" -d 'Accept transactions and include them some blocks later'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "error" -d 'Answer with a gRPC status, an error of JSON-RPC or a status of HTTP'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "refuse" -d 'Refuse transactions with a codespace and a code'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "fail" -d 'Include transactions with a codespace and a code: their fee is paid, their messages do nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "halt" -d 'Make no blocks'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "resume" -d 'Make blocks again'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "restart" -d 'Do as if it were restarted: end all connections, forget the mempool'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "clock" -d 'Let the clock of blocks jump'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "list" -d 'List the faults that are set'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from fault" -f -a "clear" -d 'Take all faults away'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand devnet; and __fish_seen_subcommand_from seed" -f -a "orders" -d 'Make many open orders at once'
complete -c provider -n "__fish_provider_using_subcommand version" -s o -l output -d 'Print the result in this form' -r -f -a "table\t'For people'
json\t'For programs'
yaml\t'For programs and people'
csv\t'For spreadsheets'"
complete -c provider -n "__fish_provider_using_subcommand version" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand version" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand version" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand version" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand version" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand version" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand version" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand version" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand version" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand version" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand completions" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand completions" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand completions" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand completions" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand completions" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand completions" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand completions" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand completions" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand completions" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand completions" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand man" -l dir -d 'Write a page for each command, and provider-config(5), to this folder' -r -F
complete -c provider -n "__fish_provider_using_subcommand man" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand man" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand man" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand man" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand man" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand man" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand man" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand man" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand man" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand man" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand process-supervisor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c provider -n "__fish_provider_using_subcommand process-launch" -l config -d 'Read this configuration file (also PROVIDER_CONFIG)' -r -F
complete -c provider -n "__fish_provider_using_subcommand process-launch" -l state-file -d 'Use this state file (also PROVIDER_STATE)' -r -F
complete -c provider -n "__fish_provider_using_subcommand process-launch" -l color -d 'Colour the words on stderr' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c provider -n "__fish_provider_using_subcommand process-launch" -l log-format -d 'The form of the log, the errors and the notes on stderr' -r -f -a "text\t'Lines for people'
json\t'One object a line'"
complete -c provider -n "__fish_provider_using_subcommand process-launch" -l wait -d 'Wait that long for a lock that another run holds, as in 30s' -r
complete -c provider -n "__fish_provider_using_subcommand process-launch" -l deadline -d 'End at the next safe point after that long, as in 5m' -r
complete -c provider -n "__fish_provider_using_subcommand process-launch" -l dry-run -d 'Decide and report, but change nothing'
complete -c provider -n "__fish_provider_using_subcommand process-launch" -s v -l verbose -d 'Say more on stderr: once for info, twice for debug, three times for trace'
complete -c provider -n "__fish_provider_using_subcommand process-launch" -s q -l quiet -d 'Say only errors on stderr'
complete -c provider -n "__fish_provider_using_subcommand process-launch" -l no-progress -d 'Show no progress bar'
complete -c provider -n "__fish_provider_using_subcommand process-launch" -s h -l help -d 'Print help (see more with \'--help\')'
