# Runs magic-folder; builds it before that when it was not built yet or its sources have changed. Needs the .NET SDK, nothing else.
$root = $PSScriptRoot
$place = Join-Path $root 'artifacts/launcher'
$program = Join-Path $place 'program/magic-folder.dll'
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
            $fresh = Join-Path $place 'program.new'
            $publish = @('publish', 'src/MagicFolder.Cli', '-c', 'Release', '-v', 'q', '-tl:off', '-o', $fresh)
            # Compiled before it runs, it starts in a fraction of the time.
            $kind = if ($env:PROCESSOR_ARCHITECTURE -eq 'ARM64') { 'win-arm64' } else { 'win-x64' }
            if (Test-Path $fresh) { Remove-Item -Recurse -Force $fresh }
            $output = & dotnet @publish -r $kind --self-contained false -p:PublishReadyToRun=true -p:NuGetLockFilePath=obj/publish.lock.json 2>&1
            if ($LASTEXITCODE -ne 0) { $output = & dotnet @publish 2>&1 }
            $failed = $LASTEXITCODE -ne 0
            Pop-Location
            if ($failed) {
                $output | ForEach-Object { [Console]::Error.WriteLine($_) }
                Say 'it cannot be built; the errors are above'
                exit 1
            }
            $former = Join-Path $place 'program'
            if (Test-Path $former) { Remove-Item -Recurse -Force $former }
            Move-Item $fresh $former
            New-Item -ItemType File -Force $stamp | Out-Null
            (Get-Item $stamp).LastWriteTimeUtc = $started
        }
    }
    finally { $lock.Dispose() }
}
& dotnet $program @args
exit $LASTEXITCODE
