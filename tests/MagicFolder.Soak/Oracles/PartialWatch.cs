using MagicFolder.Soak.Running;

namespace MagicFolder.Soak.Oracles;

/// <summary>
/// Reads files in all folders all the time: what was read between two equal looks is a whole content that some user wrote, or the program has shown a partial one.
/// </summary>
internal sealed class PartialWatch(Places places, Ledger ledger)
{
    private readonly CancellationTokenSource _stop = new();
    private Task _task = Task.CompletedTask;

    internal long Looks { get; private set; }

    internal string? Failure { get; private set; }

    internal void Start() => _task = Task.Run(LookAsync);

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _task;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            foreach (string folder in places.Folders)
            {
                foreach (string file in Files(folder))
                {
                    if (Look(file) is not { } value || ledger.IsWritten(value)) continue;
                    // A write of the user's own that is under way shows other times at the next look.
                    await Task.Delay(30);
                    if (Look(file) == value && !ledger.IsWritten(value)) Failure ??= $"{file} shows {value}, which no user wrote";
                }
            }
            await Task.Delay(50);
        }
    }

    private static string[] Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path => !path.Contains("/.magic-folder/", StringComparison.Ordinal))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string? Look(string path)
    {
        try
        {
            if (new FileInfo(path).LinkTarget is not null) return null;
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var (length, modified) = (file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
            var content = new byte[length];
            file.ReadExactly(content);
            if (file.Length != length || File.GetLastWriteTimeUtc(file.SafeFileHandle) != modified) return null;
            Looks++;
            return Values.OfFile(content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
