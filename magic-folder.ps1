# Runs magic-folder; builds it before that when it was not built yet or its sources have changed. Needs the .NET SDK, nothing else.
$root = $PSScriptRoot
$program = Join-Path $root 'src/MagicFolder.Cli/bin/Release/net10.0/magic-folder.dll'
$place = Join-Path $root 'artifacts/launcher'
$stamp = Join-Path $place 'built'

function Say($text) { [Console]::Error.WriteLine("magic-folder: $text") }

function Test-Current {
    if (-not ((Test-Path $program) -and (Test-Path $stamp))) { return $false }
    $built = (Get-Item $stamp).LastWriteTimeUtc
    $sources = @('src', 'eng', 'global.json', '.editorconfig', 'Directory.Build.props', 'Directory.Packages.props') | ForEach-Object { Join-Path $root $_ }
    -not (Get-ChildItem $sources -Recurse -File -Force |
        Where-Object { $_.LastWriteTimeUtc -gt $built -and $_.FullName -notmatch '[\\/](bin|obj)[\\/]' } | Select-Object -First 1)
}

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Say "'dotnet' is not installed or not on the PATH; install the .NET 10 SDK (https://dotnet.microsoft.com/download) and run this again"
    exit 1
}
if (-not (Test-Current)) {
    New-Item -ItemType Directory -Force $place | Out-Null
    # Held open while building: a second one waits here until the first is done.
    $lock = $null
    while (-not $lock) {
        try { $lock = [IO.File]::Open((Join-Path $place 'lock.file'), 'OpenOrCreate', 'ReadWrite', 'None') } catch { Start-Sleep -Milliseconds 200 }
    }
    try {
        if (-not (Test-Current)) {
            Say 'building, once ...'
            $started = [DateTime]::UtcNow
            Push-Location $root
            $output = & dotnet build src/MagicFolder.Cli -c Release -v q -tl:off 2>&1
            $failed = $LASTEXITCODE -ne 0
            Pop-Location
            if ($failed) {
                $output | ForEach-Object { [Console]::Error.WriteLine($_) }
                Say 'it cannot be built; the errors are above'
                exit 1
            }
            New-Item -ItemType File -Force $stamp | Out-Null
            (Get-Item $stamp).LastWriteTimeUtc = $started
        }
    }
    finally { $lock.Dispose() }
}
& dotnet $program @args
exit $LASTEXITCODE
