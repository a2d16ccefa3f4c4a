using MagicFolder.Soak.Running;

namespace MagicFolder.Soak.Users;

internal sealed partial class User
{
    private const int MostHandles = 4;
    private const string LateWriting = "writes late to";
    private readonly List<(FileStream File, string Path)> _handles = [];

    /// <summary>Files that the user removed or replaced: what is still written to them nobody will miss.</summary>
    private readonly HashSet<ulong> _abandoned = [];

    /// <summary>Like a program that keeps its document open: the write may come long after the file was replaced.</summary>
    private void OpenOrWriteLate(string[] paths)
    {
        if (_handles.Count < MostHandles && random.Next(2) == 0)
        {
            if (Choose(paths, IsFile) is { } path) _handles.Add((Open(path), path));
            return;
        }
        if (_handles.Count == 0) return;
        int chosen = random.Next(_handles.Count);
        var (file, lastPath) = _handles[chosen];
        if (random.Next(3) == 0)
        {
            Close(chosen);
            return;
        }
        if (!_abandoned.Contains(InodeOf(file))) AppendTo(file, LateWriting, lastPath);
    }

    private void Abandon(string dropped)
    {
        if (_handles.Count == 0) return;
        if (new FileInfo(dropped).LinkTarget is not null) return;
        using var file = new FileStream(dropped, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        ulong inode = InodeOf(file);
        if (_handles.Exists(handle => InodeOf(handle.File) == inode)) _abandoned.Add(inode);
    }

    /// <summary>The path of an open file that its own user moved.</summary>
    private void ForgetHandles(string from, string to)
    {
        for (int i = 0; i < _handles.Count; i++)
            if (_handles[i].Path == from) _handles[i] = (_handles[i].File, to);
    }

    private void Close(int handle)
    {
        ulong inode = InodeOf(_handles[handle].File);
        _handles[handle].File.Dispose();
        _handles.RemoveAt(handle);
        // One file may be open twice.
        if (!_handles.Exists(other => InodeOf(other.File) == inode)) _abandoned.Remove(inode);
    }

    private void CloseAll()
    {
        while (_handles.Count > 0) Close(0);
    }

    private static ulong InodeOf(FileStream file) => Posix.Identity(file.SafeFileHandle).Inode;
}
