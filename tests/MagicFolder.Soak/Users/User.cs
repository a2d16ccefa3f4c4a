using System.Text;
using MagicFolder.Soak.Oracles;
using MagicFolder.Soak.Running;

namespace MagicFolder.Soak.Users;

/// <summary>One user at one folder, on a thread of its own, who does anything that people and their programs do. With a longer <paramref name="pause"/> so many times as slowly.</summary>
internal sealed partial class User(int number, Places places, Ledger ledger, Random random, int life, int pause = 1)
{
    private const int MostPaths = 150;
    private static readonly string[] FileNames = ["a.txt", "b.txt", "notes", "übersicht.md", "data.tar.gz", "x"];
    private static readonly string[] DirectoryNames = ["d", "e", "sub dir"];

    private readonly string _root = places.Folders[number];
    private readonly string _scratch = places.Scratches[number];
    private readonly CancellationTokenSource _stop = new();
    private Task _task = Task.CompletedTask;
    private int _next = life * 1_000_000;

    internal void Start() => _task = Task.Factory.StartNew(Live, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _task;
        _stop.Dispose();
    }

    private void Live()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Act();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Full, read-only, or gone meanwhile: people see an error and go on.
            }
            _stop.Token.WaitHandle.WaitOne(pause * (random.Next(10) == 0 ? random.Next(200) : random.Next(5, 50)));
        }
        CloseAll();
    }

    private void Act()
    {
        string[] paths = Paths();
        bool crowded = paths.Length > MostPaths;
        switch (random.Next(100))
        {
            case < 16 when !crowded:
                Create();
                break;
            case < 30:
                if (Choose(paths, IsFile) is { } rewritten) Rewrite(rewritten);
                break;
            case < 40:
                if (Choose(paths, IsFile) is { } appended) Append(appended);
                break;
            case < 52:
                if (Choose(paths, IsFileOrLink) is { } saved) SaveByRename(saved);
                break;
            case < 58:
                OpenOrWriteLate(paths);
                break;
            case < 64:
                if (Choose(paths, IsFileOrLink) is { } moved) Move(moved, NewPath(FileNames));
                break;
            case < 71:
                if (Choose(paths, IsFileOrLink) is { } deleted) Delete(deleted, "deletes");
                break;
            case < 80:
                if (Choose(paths, path => IsFileOrLink(path) && LogicalNames.IsConflict(path)) is { } settled) Delete(settled, "decides against");
                break;
            case < 83:
                if (Choose(paths, path => IsFileOrLink(path) && LogicalNames.IsConflict(path)) is { } theirs) TakeTheirs(theirs);
                break;
            case < 87 when !crowded:
                MakeDirectory();
                break;
            case < 89:
                if (Choose(paths, Directory.Exists) is { } empty) Directory.Delete(Full(empty));
                break;
            case < 91:
                if (Choose(paths, IsDirectory) is { } renamed) MoveDirectory(renamed, NewPath(DirectoryNames));
                break;
            case < 92:
                if (Choose(paths, IsDirectory) is { } dropped) DropDirectory(dropped);
                break;
            case < 95 when !crowded:
                CreateLink();
                break;
            case < 97:
                if (Choose(paths, IsFile) is { } marked) File.SetUnixFileMode(Full(marked), (UnixFileMode)(random.Next(2) == 0 ? 0b110_100_100 : 0b111_101_101));
                break;
            default:
                if (Choose(paths, IsFile) is { } touched) File.SetLastWriteTimeUtc(Full(touched), DateTime.UtcNow.AddSeconds(-random.Next(100_000)));
                break;
        }
    }

    private string[] Paths()
    {
        var found = new List<string>();
        var open = new Stack<string>([""]);
        while (open.TryPop(out string? prefix))
        {
            foreach (var item in new DirectoryInfo(Full(prefix)).EnumerateFileSystemInfos())
            {
                string path = prefix + item.Name;
                if (path == ".magic-folder") continue;
                found.Add(path);
                if (item is DirectoryInfo && item.LinkTarget is null) open.Push(path + "/");
            }
        }
        return [.. found];
    }

    private string? Choose(string[] paths, Predicate<string> fits)
    {
        string[] fitting = Array.FindAll(paths, path => fits(Full(path)) && (fits != Directory.Exists || IsDirectory(Full(path))));
        return fitting.Length == 0 ? null : fitting[random.Next(fitting.Length)];
    }

    private string NewPath(string[] names)
    {
        var path = new StringBuilder();
        for (int depth = random.Next(3); depth > 0; depth--)
        {
            string deeper = $"{path}{DirectoryNames[random.Next(DirectoryNames.Length)]}/";
            if (!IsDirectory(Full(deeper.TrimEnd('/')))) break;
            path.Clear().Append(deeper);
        }
        return path.Append(names[random.Next(names.Length)]).ToString();
    }

    private string Full(string path) => Path.Combine(_root, path);

    private string Scratch() => Path.Combine(_scratch, $"{++_next}");

    private static bool IsFile(string path) => new FileInfo(path) is { Exists: true, LinkTarget: null };

    private static bool IsFileOrLink(string path) => new FileInfo(path) is { LinkTarget: not null } or { Exists: true };

    private static bool IsDirectory(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    /// <summary>Unique, with its author and number in the first line and the last.</summary>
    private byte[] NewContent(int longest)
    {
        string name = $"{Places.Names[number]} {++_next}";
        var text = new StringBuilder(name).Append('\n');
        int length = random.Next(longest);
        while (text.Length < length) text.Append(random.NextInt64()).Append(' ');
        return Encoding.UTF8.GetBytes(text.Append('\n').Append(name).Append(" ends\n").ToString());
    }
}
