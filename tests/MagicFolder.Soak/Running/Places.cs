using System.Diagnostics;

namespace MagicFolder.Soak.Running;

/// <summary>The directories of a soak. Two of them are small disks where mounting is allowed: that of the last folder, and that of the grid.</summary>
internal sealed class Places : IDisposable
{
    private const string FolderSize = "size=96m";
    private const string GridSize = "size=768m"; // It only grows.

    private readonly string _root;
    private readonly List<string> _mounts = [];

    internal Places(string root, int folders, bool mayMount)
    {
        _root = root;
        Directory.CreateDirectory(root);
        string small = Path.Combine(root, "small"), stored = Path.Combine(root, "stored");
        foreach (string place in new[] { small, stored, State, Home, Neighbour, Restored }) Directory.CreateDirectory(place);
        HasSmallDisks = mayMount && Environment.IsPrivilegedProcess && Mount(small, FolderSize) && Mount(stored, GridSize);
        Folders = [.. Enumerable.Range(0, folders).Select(i => Path.Combine(i == folders - 1 ? small : root, Names[i]))];
        Scratches = [.. Folders.Select(folder => folder + ".user")];
        foreach (string place in Folders.Concat(Scratches)) Directory.CreateDirectory(place);
        foreach (int i in Enumerable.Range(0, 5)) File.WriteAllText(Path.Combine(Neighbour, $"file {i}"), $"belongs to somebody else {i}");
    }

    internal static IReadOnlyList<string> Names { get; } = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"];

    internal bool HasSmallDisks { get; }

    internal IReadOnlyList<string> Folders { get; }

    /// <summary>For each folder a place on the same file system where its user prepares files and drops them.</summary>
    internal IReadOnlyList<string> Scratches { get; }

    internal string Grid => Path.Combine(_root, "stored", "grid");

    internal string State => Path.Combine(_root, "state");

    internal string Home => Path.Combine(_root, "home");

    /// <summary>A directory that has nothing to do with the folders, but to which links in them lead.</summary>
    internal string Neighbour => Path.Combine(_root, "neighbour");

    internal string Restored => Path.Combine(_root, "restored");

    internal string EventLog => Path.Combine(_root, "events.txt");

    /// <summary>Files that fill the small disks.</summary>
    internal IReadOnlyList<string> Ballasts => [Path.Combine(_root, "small", "ballast"), Path.Combine(_root, "stored", "ballast")];

    internal bool Remount(int disk, bool readOnly) =>
        Run("mount", "-o", (readOnly ? "remount,ro," : "remount,rw,") + (disk == 0 ? FolderSize : GridSize), _mounts[disk]);

    /// <summary>Leaves what is on the small disks, for somebody to look at.</summary>
    internal void Keep()
    {
        string kept = Path.Combine(_root, "kept");
        Directory.CreateDirectory(kept);
        foreach (string mount in _mounts) Run("cp", "-a", "--parents", mount, kept);
    }

    public void Dispose()
    {
        foreach (string mount in _mounts) Run("umount", "--lazy", mount);
    }

    internal void Remove() => Run("rm", "-rf", _root);

    private bool Mount(string place, string size)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", size, "tmpfs", place)) return false;
        _mounts.Add(place);
        return true;
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
