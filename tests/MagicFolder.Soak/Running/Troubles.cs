namespace MagicFolder.Soak.Running;

/// <summary>What goes wrong with disks for a while: full, read-only, permissions taken away.</summary>
internal sealed class Troubles(Places places, Random random)
{
    private const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly List<Action> _cures = [];
    private readonly HashSet<int> _readOnly = [];

    internal SortedDictionary<string, int> Happened { get; } = new(StringComparer.Ordinal);

    /// <summary>Now and then one more, or all is well again.</summary>
    internal void Turn()
    {
        if (random.Next(3) == 0) Cure();
        if (random.Next(2) == 0) return;
        switch (random.Next(4))
        {
            case 0 when places.HasSmallDisks:
                Fill(random.Next(places.Ballasts.Count));
                break;
            case 1 when places.HasSmallDisks:
                ReadOnly(random.Next(places.Ballasts.Count));
                break;
            default:
                TakePermissions();
                break;
        }
    }

    internal void Cure()
    {
        foreach (var cure in Enumerable.Reverse(_cures)) cure();
        _cures.Clear();
    }

    private void Fill(int disk)
    {
        if (_readOnly.Contains(disk)) return;
        string ballast = places.Ballasts[disk];
        try
        {
            using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write);
            var block = new byte[1 << 20];
            while (true) file.Write(block);
        }
        catch (IOException)
        {
            // Full. A little is left, sometimes.
            using var file = new FileStream(ballast, FileMode.Open, FileAccess.Write);
            file.SetLength(Math.Max(0, file.Length - random.Next(2) * random.Next(300_000)));
        }
        Count(disk == 0 ? "full disk of a folder" : "full disk of the grid");
        _cures.Add(() => File.Delete(ballast));
    }

    private void ReadOnly(int disk)
    {
        // Fails while somebody has a file open for writing there.
        if (!places.Remount(disk, readOnly: true)) return;
        Count(disk == 0 ? "read-only disk of a folder" : "read-only disk of the grid");
        _readOnly.Add(disk);
        _cures.Add(() =>
        {
            places.Remount(disk, readOnly: false);
            _readOnly.Remove(disk);
        });
    }

    private void TakePermissions()
    {
        string folder = places.Folders[random.Next(places.Folders.Count)];
        string[] directories = [.. Directory.EnumerateDirectories(folder).Where(d => Path.GetFileName(d) != ".magic-folder" && new FileInfo(d).LinkTarget is null)];
        if (directories.Length == 0) return;
        string directory = directories[random.Next(directories.Length)];
        var left = random.Next(2) == 0 ? UnixFileMode.None : UnixFileMode.UserRead | UnixFileMode.UserExecute;
        try
        {
            File.SetUnixFileMode(directory, left);
        }
        catch (IOException)
        {
            return;
        }
        Count(left == UnixFileMode.None ? "unreadable directory" : "directory that cannot be written to");
        _cures.Add(() => GiveBack(folder));
    }

    /// <summary>Bits that came from elsewhere may have closed a directory again.</summary>
    internal void OpenEverything()
    {
        foreach (string folder in places.Folders) GiveBack(folder);
    }

    /// <summary>Wherever it has gone meanwhile.</summary>
    private static void GiveBack(string directory)
    {
        foreach (var below in new DirectoryInfo(directory).EnumerateDirectories().Where(d => d.LinkTarget is null && d.Name != ".magic-folder"))
        {
            if ((below.UnixFileMode & All) != All) File.SetUnixFileMode(below.FullName, All | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            GiveBack(below.FullName);
        }
    }

    private void Count(string what) => Happened[what] = Happened.GetValueOrDefault(what) + 1;
}
