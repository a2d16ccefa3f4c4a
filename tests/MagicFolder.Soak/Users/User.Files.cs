using System.Text;
using MagicFolder.Soak.Oracles;
using MagicFolder.Soak.Running;

namespace MagicFolder.Soak.Users;

internal sealed partial class User
{
    /// <summary>One page, written in one call, is never half there.</summary>
    private const int OnePage = 3000;
    private const int Large = 1_500_000;

    private void Create()
    {
        string path = NewPath(FileNames);
        if (random.Next(3) > 0)
        {
            string prepared = Scratch();
            string value = Prepare(prepared, random.Next(20) == 0 ? Large : OnePage);
            if (Posix.MoveNoReplace(prepared, Full(path))) ledger.Record(number, "creates", path, null, value);
            else File.Delete(prepared);
            return;
        }
        var content = NewContent(OnePage);
        ledger.WillWrite(Values.OfFile(content));
        using var file = new FileStream(Full(path), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);
        WriteThrough(file, "creates in place", path, null, content);
    }

    /// <summary>Truncates and writes; now and then with the size and time that it had.</summary>
    private void Rewrite(string path)
    {
        using var file = Open(path);
        var had = ReadAll(file);
        var content = NewContent(OnePage);
        bool same = random.Next(4) == 0 && had.Length is > 60 and < OnePage;
        if (same) content = [.. content.AsSpan(0, Math.Min(content.Length, had.Length)), .. new byte[Math.Max(0, had.Length - content.Length)]];
        var modified = File.GetLastWriteTimeUtc(file.SafeFileHandle);
        ledger.WillWrite(Values.OfFile(content));
        file.SetLength(0);
        file.Position = 0;
        WriteThrough(file, same ? "rewrites with the same size and time" : "rewrites", path, Values.OfFile(had), content);
        if (same) File.SetLastWriteTimeUtc(file.SafeFileHandle, modified);
    }

    private void Append(string path)
    {
        using var file = Open(path);
        AppendTo(file, "appends to", path);
    }

    private void AppendTo(FileStream file, string what, string path)
    {
        var had = ReadAll(file);
        var more = Encoding.UTF8.GetBytes($"{Places.Names[number]} adds {++_next}\n");
        byte[] content = [.. had, .. more];
        ledger.WillWrite(Values.OfFile(content));
        file.Position = had.Length;
        try
        {
            file.Write(more);
            file.Flush();
        }
        finally
        {
            RecordWritten(file, what, path, Values.OfFile(had));
        }
    }

    private void SaveByRename(string path)
    {
        string prepared = Scratch();
        string value = Prepare(prepared, random.Next(20) == 0 ? Large : OnePage);
        if (!Posix.Exchange(prepared, Full(path)))
        {
            File.Delete(prepared);
            return;
        }
        TakenOut(prepared, "saves over", path, value);
    }

    private void Move(string from, string to)
    {
        // What moved is looked at where it has come to.
        if (!Posix.MoveNoReplace(Full(from), Full(to))) return;
        string? value = FolderTree.ValueAt(Full(to));
        if (value is null) return;
        ledger.Record(number, "moves away", from, value, null);
        ledger.Record(number, "moves here", to, null, value);
        ForgetHandles(from, to);
    }

    private void Delete(string path, string what)
    {
        string dropped = Scratch();
        if (!Posix.MoveNoReplace(Full(path), dropped)) return;
        TakenOut(dropped, what, path, null);
    }

    private void TakeTheirs(string conflict)
    {
        string main = LogicalNames.Of(conflict);
        if (main == conflict) return;
        string carried = Scratch();
        if (!Posix.MoveNoReplace(Full(conflict), carried)) return;
        string? value = FolderTree.ValueAt(carried);
        ledger.Record(number, "takes away", conflict, value, null);
        if (Posix.MoveNoReplace(carried, Full(main)))
        {
            ledger.Record(number, "puts there", main, null, value);
            return;
        }
        if (IsFileOrLink(Full(main)) && Posix.Exchange(carried, Full(main)))
        {
            TakenOut(carried, "takes theirs for", main, value);
            return;
        }
        File.Delete(carried);
    }

    private void CreateLink()
    {
        string path = NewPath(FileNames), prepared = Scratch();
        string target = random.Next(2) == 0 ? $"nowhere {Places.Names[number]} {++_next}" : $"{places.Neighbour}/./{Places.Names[number]}/{++_next}/../../file {random.Next(5)}";
        File.CreateSymbolicLink(prepared, target);
        if (Posix.MoveNoReplace(prepared, Full(path))) ledger.Record(number, "links", path, null, Values.OfLink(target));
        else File.Delete(prepared);
    }

    /// <summary>Reads what came out of its place and drops it.</summary>
    private void TakenOut(string dropped, string what, string path, string? has)
    {
        if (new FileInfo(dropped).LinkTarget is null && Directory.Exists(dropped))
        {
            // A directory took the place at the last moment.
            ledger.Record(number, what, path, null, has);
            foreach (var (below, value) in FolderTree.Read(dropped))
                if (value is not null) ledger.Record(number, what, $"{path}/{below}", value, null);
            Directory.Delete(dropped, recursive: true);
            return;
        }
        string? had = FolderTree.ValueAt(dropped);
        ledger.Record(number, what, path, had, has);
        Abandon(dropped);
        File.Delete(dropped);
    }

    private string Prepare(string place, int longest)
    {
        var content = NewContent(longest);
        string value = Values.OfFile(content);
        ledger.WillWrite(value);
        try
        {
            File.WriteAllBytes(place, content);
        }
        catch (IOException)
        {
            File.Delete(place);
            throw;
        }
        return value;
    }

    private FileStream Open(string path) => new(Full(path), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1);

    private void WriteThrough(FileStream file, string what, string path, string? had, byte[] content)
    {
        try
        {
            file.Write(content);
            file.Flush();
        }
        finally
        {
            RecordWritten(file, what, path, had);
        }
    }

    /// <summary>What really is in the file now, also where the disk took only a part.</summary>
    private void RecordWritten(FileStream file, string what, string path, string? had) => 
        ledger.Record(number, what, path, had, Values.OfFile(ReadAll(file)), isLate: what == LateWriting);

    private static byte[] ReadAll(FileStream file)
    {
        file.Position = 0;
        var content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
