using MagicFolder.Soak.Oracles;
using MagicFolder.Soak.Running;

namespace MagicFolder.Soak.Users;

internal sealed partial class User
{
    private void MakeDirectory()
    {
        string path = NewPath(DirectoryNames);
        if (path.Count(c => c == '/') < 3 && !Path.Exists(Full(path))) Directory.CreateDirectory(Full(path));
    }

    private void MoveDirectory(string from, string to)
    {
        if (to.StartsWith(from + "/", StringComparison.Ordinal) || !Posix.MoveNoReplace(Full(from), Full(to))) return;
        CloseAll();
        foreach (var (below, value) in FolderTree.Read(Full(to)))
        {
            if (value is null) continue;
            ledger.Record(number, "moves with its directory away", $"{from}/{below}", value, null);
            ledger.Record(number, "moves with its directory here", $"{to}/{below}", null, value);
        }
    }

    private void DropDirectory(string path)
    {
        string dropped = Scratch();
        if (!Posix.MoveNoReplace(Full(path), dropped)) return;
        CloseAll();
        foreach (var (below, value) in FolderTree.Read(dropped))
            if (value is not null) ledger.Record(number, "deletes with its directory", $"{path}/{below}", value, null);
        Directory.Delete(dropped, recursive: true);
    }
}
