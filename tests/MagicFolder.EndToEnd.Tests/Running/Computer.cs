using System.Diagnostics;
using System.Text;
using MagicFolder.EndToEnd.Tests.Trees;

namespace MagicFolder.EndToEnd.Tests.Running;

/// <summary>A user's computer: a home directory with directories to synchronize, gone at the end. Paths are relative to it.</summary>
internal sealed class Computer : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("magic-folder-e2e-").FullName;

    internal string Grid => At("data/magic-folder/grid");

    /// <summary>The state directory of the one folder there is.</summary>
    internal string State => Directory.GetDirectories(At("data/magic-folder/folders")).ShouldHaveSingleItem();

    internal string At(string path) => Path.Combine(_home, path);

    internal ProgramRun Start(params IEnumerable<string> arguments) => ProgramRun.Start(_home, mortal: false, arguments);

    internal async Task<ProgramResult> RunAsync(params IEnumerable<string> arguments)
    {
        using var run = Start(arguments);
        return await run.EndAsync();
    }

    /// <summary>Runs it without root's right to read everything.</summary>
    internal async Task<ProgramResult> RunAsMortalAsync(params IEnumerable<string> arguments)
    {
        Privileges.RequireDroppable();
        using var run = ProgramRun.Start(_home, mortal: true, arguments);
        return await run.EndAsync();
    }

    /// <summary>Synchronizes, and expects that all is well and that the directories are the same afterwards.</summary>
    internal async Task<ProgramResult> SyncAsync(params string[] directories)
    {
        var result = await RunAsync(["sync", .. directories]);
        result.ShouldExit(0).ShouldBeCalm();
        Directories.ShouldBeTheSame(At(directories[0]), directories[1..].Select(At));
        return result;
    }

    /// <summary>Synchronizes, and expects conflicts.</summary>
    internal async Task<ProgramResult> SyncWithConflictsAsync(params string[] directories) =>
        (await RunAsync(["sync", .. directories])).ShouldExit(3).ShouldBeCalm();

    internal void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    internal void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), bytes);
    }

    internal string Read(string path) => File.ReadAllText(At(path));

    internal bool Exists(string path) => Path.Exists(At(path));

    internal void Delete(string path)
    {
        if (Directory.Exists(At(path))) Directory.Delete(At(path), recursive: true);
        else File.Delete(At(path));
    }

    /// <summary>The names in a directory, without the reserved one.</summary>
    internal string[] Names(string path) =>
        [.. Directory.EnumerateFileSystemEntries(At(path)).Select(entry => Path.GetFileName(entry)!).Where(name => name != ".magic-folder").Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        MakeRemovable(_home);
        // Not by .NET, which cannot name everything that tests make.
        using var remove = Process.Start("rm", ["-rf", _home]);
        remove.WaitForExit();
    }

    /// <summary>Never through a symlink.</summary>
    private static void MakeRemovable(string directory)
    {
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var inner in new DirectoryInfo(directory).EnumerateDirectories().Where(inner => inner.LinkTarget is null)) MakeRemovable(inner.FullName);
    }
}
