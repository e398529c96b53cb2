
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'provider' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'provider'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'provider' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Write a first configuration, an empty key folder and an empty state file')
            [CompletionResult]::new('validate-config', 'validate-config', [CompletionResultType]::ParameterValue, 'Check the configuration, and show every problem at once')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Show the configuration, its schema and an example')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Show the version of this program')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write all manual pages to a folder')
            break
        }
        'provider;init' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The folder to write to; ~/.provider-daemon unless given')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print the result in this form')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the result in this form')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'provider;validate-config' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print the result in this form')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the result in this form')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--effective', '--effective', [CompletionResultType]::ParameterName, 'Show every value that is in force, and where it comes from')
            [CompletionResult]::new('--check-connectivity', '--check-connectivity', [CompletionResultType]::ParameterName, 'Also ask whether what the configuration names can be reached: nodes, files, addresses to listen on')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'provider;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every value that is in force, and where it comes from')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of the configuration file')
            [CompletionResult]::new('example', 'example', [CompletionResultType]::ParameterValue, 'Print a configuration file that holds every key, with its meaning and its default')
            break
        }
        'provider;config;show' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print the result in this form')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the result in this form')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Show only what is set, without defaults')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'provider;config;schema' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'provider;config;example' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'provider;version' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Print the result in this form')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the result in this form')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'provider;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'provider;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write a page for each command, and provider-config(5), to this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file (also PROVIDER_CONFIG)')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Use this state file (also PROVIDER_STATE)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the words on stderr')
            [CompletionResult]::new('--log-format', '--log-format', [CompletionResultType]::ParameterName, 'The form of the log on stderr')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait that long for a lock that another run holds, as in 30s')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'End at the next safe point after that long, as in 5m')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Decide and report, but change nothing')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on stderr: once for info, twice for debug, three times for trace')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only errors on stderr')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
