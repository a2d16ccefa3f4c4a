using MagicFolder.Cli.Composition;
using MagicFolder.Cli.Output;
using MagicFolder.Grid;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;

namespace MagicFolder.Cli.Commands;

/// <summary>
/// Fetches a directory with all that is below it into a new directory, which appears when it is complete. Names come from others, so what would lead out of it is refused; nothing that is there
/// already is opened or followed.
/// </summary>
internal sealed class DirectoryFetch(CapReader reader)
{
    /// <summary>What a few directories that name one another can be unfolded to.</summary>
    private const int MostNames = 1_000_000;

    private const int MostLevels = 100;

    private static readonly char[] NeverInNames = OperatingSystem.IsWindows() ? Path.GetInvalidFileNameChars() : ['/', '\0'];

    private int _names;
    private int _left;

    /// <returns>How many names could not be fetched; each was reported on standard error.</returns>
    internal async Task<int> RunAsync(DirectoryCap directory, string target, CancellationToken cancel)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        RefuseTarget(full, target);
        byte[] unique = new byte[8];
        SystemRandom.Instance.Fill(unique);
        string temporary = $"{full}.{Convert.ToHexStringLower(unique)}.new";
        try
        {
            await FetchAsync(directory, temporary, "", [], cancel);
            if (Directory.Exists(full)) Directory.Delete(full);
            Directory.Move(temporary, full);
            return _left;
        }
        catch
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    internal static void RequirePlace(string full, string target)
    {
        if (!Directory.Exists(Path.GetDirectoryName(full))) throw new CommandException($"The directory in which {target} is to be made is not there; make it first.");
    }

    private static void RefuseTarget(string full, string target)
    {
        var there = new DirectoryInfo(full);
        if (File.Exists(full) || there.LinkTarget is not null) throw new UsageException($"{target} is no directory; a directory is fetched into a new one.");
        RequirePlace(full, target);
        if (there.Exists && there.EnumerateFileSystemInfos().Any()) throw new UsageException($"{target} is not empty; a directory is fetched into a new or empty one.");
    }

    /// <param name="directory">What is fetched.</param>
    /// <param name="into">A directory that is not there yet.</param>
    /// <param name="path">From the top, for messages.</param>
    /// <param name="around">The directories around it, so that one that leads to itself is noticed.</param>
    /// <param name="cancel">Stops between two pieces.</param>
    private async Task FetchAsync(DirectoryCap directory, string into, string path, IReadOnlyList<Cap> around, CancellationToken cancel)
    {
        var table = await reader.ReadAsync(directory, cancel);
        Directory.CreateDirectory(into);
        IReadOnlyList<Cap> inside = [.. around, directory.ToReadOnly()];
        foreach (var skipped in table.Skipped) Report(path + skipped.Name.Text, Faults.Describe(skipped.Fault));
        foreach (var child in table.Children)
        {
            if (++_names > MostNames) throw new CommandException($"There are more than {MostNames:#,0} names in that directory; fetch directories of it one by one.");
            string name = child.Name.Text;
            try
            {
                if (WhyNot(child, into, inside) is { } reason) Report(path + name, reason);
                else await FetchAsync(CapReader.KnownCapOf(child)!, Path.Combine(into, name), path + name, inside, cancel);
            }
            catch (Exception e) when (e is GridException or CommandException or IOException or UnauthorizedAccessException && _names <= MostNames)
            {
                Report(path + name, e.Message);
            }
        }
    }

    private async Task FetchAsync(Cap cap, string target, string path, IReadOnlyList<Cap> around, CancellationToken cancel)
    {
        if (cap is DirectoryCap directory)
        {
            await FetchAsync(directory, target, path + "/", around, cancel);
            return;
        }
        try
        {
            await using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            await reader.CopyAsync(cap, output, cancel);
            output.Flush(flushToDisk: true);
        }
        catch
        {
            File.Delete(target);
            throw;
        }
    }

    private static string? WhyNot(DirectoryChild child, string into, IReadOnlyList<Cap> around)
    {
        string name = child.Name.Text;
        if (name is "" or "." or ".." || name.AsSpan().IndexOfAny(NeverInNames) >= 0) return "no file can have that name";
        if (Path.Exists(Path.Combine(into, name))) return "this disk takes it for another name that is there";
        return CapReader.KnownCapOf(child) switch
        {
            null => child.Caps.Best is null ? "it is a mark to which nothing belongs" : "it is of a kind that this version does not know",
            var cap when !CapReader.CanRead(cap) => "with its cap one can check it, not read it",
            DirectoryCap directory when around.Contains(directory.ToReadOnly()) => "it is a directory around itself",
            DirectoryCap when around.Count >= MostLevels => $"there are more than {MostLevels} directories around it",
            _ => null,
        };
    }

    private void Report(string path, string reason)
    {
        _left++;
        Console.Error.WriteLine($"magic-folder: {Printable.Text(path)}: {reason.ReplaceLineEndings(" ").TrimEnd('.')}; it is left out.");
    }
}
