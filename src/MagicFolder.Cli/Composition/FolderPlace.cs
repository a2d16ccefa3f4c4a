using MagicFolder.Cli.Output;
using MagicFolder.FileSystem.Disks;
using MagicFolder.FileSystem.Marking;
using MagicFolder.Model;
using MagicFolder.Sync.Folders;

namespace MagicFolder.Cli.Composition;

/// <summary>A directory as given on the command line, with the name that it has or should get.</summary>
internal sealed record GivenDirectory(string? Name, string Path)
{
    /// <summary><c>DIR</c> or <c>NAME=DIR</c>. What exists as a directory is one, whatever its name.</summary>
    internal static GivenDirectory Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        bool named = equals > 0 && !text[..equals].Contains(System.IO.Path.DirectorySeparatorChar) && !Directory.Exists(text);
        string path = named ? text[(equals + 1)..] : text;
        if (path.Length == 0) throw new UsageException($"'{text}' names no directory.");
        if (File.Exists(path)) throw new UsageException($"{path} is a file, not a directory.");
        return new GivenDirectory(named ? text[..equals] : null, Places.Real(path));
    }

    /// <summary>The marker in the directory; null when there is none, or no directory.</summary>
    internal FolderMarker? ReadMarker()
    {
        if (!Directory.Exists(Path)) return null;
        using var disk = LocalDisk.Open(Path);
        return new MarkerFile(disk).Read();
    }
}

/// <summary>Finds the state of a folder: given, or by what is recorded of the directories.</summary>
internal static class FolderPlace
{
    /// <summary>The state directory that these directories belong to, or null when they are new.</summary>
    internal static string? Find(IReadOnlyList<GivenDirectory> directories, string? stateOption)
    {
        if (stateOption is not null) return HasFolder(stateOption) ? stateOption : null;
        var known = All().ToArray();
        var found = new Dictionary<string, GivenDirectory>(StringComparer.Ordinal);
        foreach (var directory in directories)
        {
            var marker = directory.ReadMarker();
            string? state = Array.Find(known, k => k.Folder.Participants.Any(p => p.Path == directory.Path)).State
                ?? (marker is { } m ? Array.Find(known, k => k.Folder.Folder == m.Folder).State : null);
            if (state is not null) found.TryAdd(state, directory);
            else if (marker is { } one && NameAtDaemon(one) is { } name)
                throw new CommandException($"{directory.Path} belongs to {name}, a folder of the daemon, which keeps it in sync: see 'magic-folder status'. For 'sync' let it leave first, with 'magic-folder leave --name {name}'.");
            else if (marker is not null)
                throw new CommandException($"{directory.Path} belongs to a magic folder whose state is not here; give it with --state, or remove {System.IO.Path.Combine(directory.Path, ".magic-folder")} to start anew with these files.");
        }
        if (found.Count > 1)
            throw new CommandException($"{string.Join(" and ", found.Values.Select(d => d.Path))} belong to different magic folders; they cannot be joined into one.");
        return found.Keys.FirstOrDefault();
    }

    /// <summary>What the daemon of this user calls a folder; null if it has none such, in the configuration where that is by default.</summary>
    private static string? NameAtDaemon(FolderMarker marker) =>
        States(ConfigurationChoice.Of(null).Folders).Select(FolderConfiguration.Load).FirstOrDefault(folder => folder.Folder == marker.Folder)?.Name;

    internal static bool HasFolder(string state) => File.Exists(System.IO.Path.Combine(state, FolderConfiguration.FileName));

    /// <summary>The folders whose state is where 'sync' puts it by itself.</summary>
    internal static IEnumerable<(string State, FolderConfiguration Folder)> All()
    {
        foreach (string state in States(Places.Folders)) yield return (state, FolderConfiguration.Load(state));
    }

    /// <summary>The states of folders in a directory that may be missing.</summary>
    internal static IEnumerable<string> States(string folders) =>
        Directory.Exists(folders) ? Directory.EnumerateDirectories(folders).Order(StringComparer.Ordinal).Where(HasFolder) : [];
}
