using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Ignoring;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Clocks;
using MagicFolder.Simulation.Disks;
using MagicFolder.Simulation.Oracles;

namespace MagicFolder.Simulation.Users;

/// <summary>Does random things to one folder, straight on the file system. The few names make users meet.</summary>
internal sealed class User(int participant, MemoryTree folder, Oracle oracle, SeededRandom random, Contents contents, UserHabits habits, Action<long> sleep)
{
    private static readonly string[] FileNames = ["a.txt", "b.txt", "c", "d", "d/a.txt", "d/g", "e/a.txt", "e/f/h.txt"];
    private static readonly string[] DirectoryNames = ["d", "e", "d/e", "e/f", "c"];
    private static readonly string[] NewPlaces = ["m", "n", "e/m", "m/n"];
    private static readonly string[] FileTwins = ["A.txt", "C", "D/g", "caf\u00e9", "cafe\u0301", .. FileNames];
    private static readonly string[] DirectoryTwins = ["D", "E/f", .. DirectoryNames];
    private static readonly string[] Targets = ["a.txt", "../a.txt", "..", "/etc", "d", "nowhere"];

    private const int MayList = 0x100;

    private readonly List<OpenHandle> _handles = [];
    private readonly string[] _files = habits.Known(habits.Twins ? FileTwins : FileNames);
    private readonly string[] _directories = habits.Known(habits.Twins ? DirectoryTwins : DirectoryNames);
    private bool _amidSteps;
    private bool _amidSwap;
    private RelativePath? _noticed;
    private RelativePath? _focus;

    /// <summary>The engine turns to a path. Users who act between its steps often act just there: that is where it could do harm.</summary>
    public void Notice(RelativePath path)
    {
        string name = path.ToString();
        // Not a spelling that the engine only tries.
        if (!path.IsReserved && !path.IsRoot && path != IgnoreRules.SharedFile && (_files.Contains(name) || _directories.Contains(name) || !name.Any(char.IsAsciiLetterUpper))) _noticed = path;
    }

    /// <param name="amidSteps">Between two calls of the engine.</param>
    /// <param name="amidSwap">
    /// Between two calls of the engine that may belong to a swap. Then nobody rewrites a file and puts its times back: within those microseconds that is the one edit
    /// that no look can tell from the swap itself (docs/decisions/0004-safe-replacement.md).
    /// </param>
    public void ActOnce(bool amidSteps = false, bool amidSwap = false)
    {
        _amidSteps = amidSteps;
        _amidSwap = amidSwap;
        _focus = amidSteps && random.Chance(0.7) ? _noticed : null;
        if (NothingIsRenamed)
        {
            int dice = random.Below(100);
            if (dice < 60) WriteSomething();
            else if (dice < 80) Files(Delete);
            else ActOnHandles();
            return;
        }
        switch (NextAction())
        {
            case UserAction.Delete:
                Files(Delete);
                break;
            case UserAction.Rename:
                Files(RenameFile);
                break;
            case UserAction.ChangeBits:
                Files(file => Try(() => folder.SetAttributes(file, null, folder.Find(file)!.Mode ^ 0x40)));
                break;
            case UserAction.SetTime:
                Files(file => Try(() => folder.SetAttributes(file, folder.FileSystem.NowNs - (random.Below(3) * 1_000_000_000L), null)));
                break;
            case UserAction.ConflictFiles when habits.ConflictFiles:
                ConflictFiles(ActOnConflictFile);
                break;
            case UserAction.Directories when habits.Directories:
                ActOnDirectories();
                break;
            case UserAction.MoveDirectories when habits.Directories:
                MoveDirectory();
                break;
            case UserAction.Symlink when habits.Symlinks:
                PutSymlink();
                break;
            case UserAction.Handles when habits.OpenHandles:
                ActOnHandles();
                break;
            default:
                WriteSomething();
                break;
        }
    }

    public void CloseEverything()
    {
        foreach (var handle in _handles) handle.File.Dispose();
        _handles.Clear();
    }

    public void MakeEverythingReadable()
    {
        foreach (var (path, inode) in VisibleTree.Walk(folder.Root).ToList())
            if (inode.IsDirectory && (inode.Mode & MayList) == 0) folder.SetAttributes(At(path), null, inode.Mode | MayList);
    }

    /// <summary>
    /// Where names have twins, nobody gives one another spelling between two calls of the engine, nor makes a directory where one just went: no disk offers a way to look at the spelling and to act on it in one.
    /// </summary>
    private bool NothingIsRenamed => _amidSteps && habits.Twins;

    private UserAction NextAction()
    {
        int dice = random.Below(habits.Weights.Sum());
        int action = 0;
        while ((dice -= habits.Weights[action]) >= 0) action++;
        return (UserAction)action;
    }

    private static RelativePath At(string path) => RelativePath.Parse(path);

    private void WriteSomething()
    {
        var path = _focus is { } focus && !VisibleTree.IsConflictName(focus.ToString()) ? focus : At(random.Pick(_files));
        if (path.Depth > 1 && !habits.Directories) path = At(random.Pick(FileNames[..3]));
        byte[] content = contents.Next();
        int way = random.Below(4);
        Try(() =>
        {
            if (NothingIsRenamed && folder.Find(path.Parent) is null) return;
            MakeParents(path);
            var there = folder.Find(path);
            if (there is null) Create(path, content);
            else if (there.Kind != DiskKind.File) return;
            else if (way == 0) Append(path, content);
            else if (way == 1 && !NothingIsRenamed) SaveByRename(path, content);
            else if (way == 2 && !_amidSwap) KeepTimes(path, content);
            else Overwrite(path, content);
        });
    }

    private void MakeParents(RelativePath path)
    {
        if (path.Parent.IsRoot || folder.Find(path.Parent) is not null) return;
        MakeParents(path.Parent);
        folder.CreateDirectory(path.Parent, 0x1ED);
    }

    private void Create(RelativePath path, byte[] content)
    {
        using var file = folder.Create(path, 0x1A4);
        file.Write(0, content);
    }

    private void Append(RelativePath path, byte[] content)
    {
        using var file = folder.Open(path, write: true);
        file.Write(file.Stat().Size, content);
    }

    private void Overwrite(RelativePath path, byte[] content)
    {
        using var file = folder.Open(path, write: true);
        file.Truncate(0);
        file.Write(0, content);
    }

    private void SaveByRename(RelativePath path, byte[] content)
    {
        var temporary = path.WithName(".saving");
        Create(temporary, content);
        folder.Rename(temporary, path, RenameKind.Replace);
    }

    /// <summary>Rewrites in place and puts the old mtime back: only ctime tells.</summary>
    private void KeepTimes(RelativePath path, byte[] content)
    {
        long mtime = folder.Find(path)!.MtimeNs;
        sleep(25_000_000);
        Overwrite(path, content);
        folder.SetAttributes(path, mtime, null);
    }

    private void Delete(RelativePath file) => Try(() => folder.Remove(file));

    private void RenameFile(RelativePath file)
    {
        var to = At(random.Pick(_files));
        if (to.Depth > 1 && !habits.Directories) return;
        Try(() =>
        {
            MakeParents(to);
            folder.Rename(file, to, RenameKind.Replace);
        });
    }

    private void ActOnConflictFile(RelativePath file)
    {
        var main = At(VisibleTree.Logical(file.ToString()));
        int way = random.Below(habits.ConflictEdits ? 10 : 8);
        byte[] content = contents.Next();
        if (way < 5) Delete(file);
        else if (way < 7) Try(() => folder.Rename(file, main, RenameKind.Replace));
        else if (way < 8) Try(() => folder.Remove(main));
        else if (folder.Find(file)?.Kind == DiskKind.File) Try(() => Overwrite(file, content));
    }

    private void ActOnDirectories()
    {
        var path = _focus ?? At(random.Pick(_directories));
        var to = At(random.Pick(_directories));
        int way = random.Below(7);
        Try(() =>
        {
            var there = folder.Find(path);
            if (way == 6)
            {
                // Not amid steps: then the directory could become a version with these bits, which then are what its user wants everywhere.
                if (there is { IsDirectory: true } && !_amidSteps) folder.SetAttributes(path, null, there.Mode ^ MayList);
            }
            else if (there is null)
            {
                MakeParents(path);
                folder.CreateDirectory(path, 0x1ED);
            }
            else if (way < 2) RemoveTree(path);
            else if (way < 5) folder.Rename(path, to, RenameKind.NoReplace);
            else if (there.IsDirectory && there.Children.Count == 0)
            {
                folder.Remove(path);
                Create(path, contents.Next());
            }
        });
    }

    /// <summary>One with something in it, to where nothing is.</summary>
    private void MoveDirectory()
    {
        Try(() =>
        {
            var filled = VisibleTree.Walk(folder.Root).Where(item => item.Inode is { IsDirectory: true, Children.Count: > 0 }).Select(item => At(item.Path)).ToList();
            var to = At(random.Pick((string[])[.. NewPlaces, .. _directories]));
            if (filled.Count == 0 || folder.Find(to) is not null) return;
            var path = random.Pick(filled);
            if (to == path || to.IsUnder(path)) return;
            MakeParents(to);
            folder.Rename(path, to, RenameKind.NoReplace);
            // What users do is flushed at once: here also what the engine may just have put into it.
            foreach (var below in VisibleTree.Walk(folder.Find(to)!, to + "/").Select(item => At(item.Path)).Prepend(to).ToList()) folder.Flush(below);
        });
    }

    private void RemoveTree(RelativePath path)
    {
        var inode = folder.Find(path)!;
        if (inode.IsDirectory)
            foreach (byte[] name in inode.Children.Keys.ToList()) RemoveTree(path.Child(name));
        folder.Remove(path);
    }

    private void PutSymlink()
    {
        var path = At(random.Pick(_files));
        string target = contents.NextTarget() ?? random.Pick(Targets);
        Try(() =>
        {
            MakeParents(path);
            if (folder.Find(path) is { IsDirectory: false }) folder.Remove(path);
            folder.CreateSymlink(path, System.Text.Encoding.UTF8.GetBytes(target));
        });
    }

    private void ActOnHandles()
    {
        if (_handles.Count < 2 && random.Chance(0.4))
        {
            Files(path =>
            {
                if (folder.Find(path)?.Kind == DiskKind.File) _handles.Add(new OpenHandle(path.ToString(), folder.Open(path, write: true)));
            });
            return;
        }
        if (_handles.Count == 0) return;
        var handle = random.Pick(_handles);
        if (random.Chance(0.35))
        {
            handle.File.Dispose();
            _handles.Remove(handle);
            return;
        }
        byte[] content = contents.Next();
        bool append = random.Chance(0.5);
        oracle.ActOnOpenFile(participant, handle.LastPlace, handle.File.Inode, handle.Abandoned, () =>
        {
            if (!append) handle.File.Truncate(0);
            handle.File.Write(handle.File.Stat().Size, content);
        });
    }

    private void Files(Action<RelativePath> action) => PickOne(path => habits.ConflictEdits || !VisibleTree.IsConflictName(path), action);

    private void ConflictFiles(Action<RelativePath> action) => PickOne(VisibleTree.IsConflictName, action);

    private void PickOne(Func<string, bool> which, Action<RelativePath> action)
    {
        var files = VisibleTree.Walk(folder.Root).Where(item => !item.Inode.IsDirectory && which(item.Path)).Select(item => item.Path).ToList();
        if (files.Count == 0) return;
        action(_focus is { } focus && files.Contains(focus.ToString()) ? focus : At(random.Pick(files)));
    }

    private void Try(Action action)
    {
        var visible = _handles.Where(handle => oracle.Sees(participant, handle.File.Inode)).ToList();
        oracle.Act(participant, () =>
        {
            try
            {
                action();
            }
            catch (DiskException)
            {
                // The user got an error message and lets it be.
            }
        });
        foreach (var handle in visible)
        {
            if (oracle.PlaceOf(participant, handle.File.Inode) is { } place) handle.LastPlace = place;
            else handle.Abandoned = true;
        }
    }
}
