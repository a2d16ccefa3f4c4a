using System.Reflection;
using MagicFolder.Model;

namespace MagicFolder.State;

/// <summary>Brings a database to the newest tables: script n takes it from <c>user_version</c> n-1 to n, in one transaction each.</summary>
internal static class Migration
{
    /// <summary>"MgcF": whose file this is, in SQLite's header.</summary>
    internal const int ApplicationId = 0x4D676346;

    private const string Folder = "Scripts/";

    /// <summary>The scripts in this assembly; the first takes an empty database to version 1.</summary>
    internal static IReadOnlyList<string> Scripts { get; } = LoadScripts(typeof(Migration).Assembly);

    /// <summary>Refuses what is not ours or newer than us. Writes nothing.</summary>
    internal static void Check(Session session, string name, int newest)
    {
        long version = session.QueryNumber("PRAGMA user_version");
        long application = session.QueryNumber("PRAGMA application_id");
        bool isEmpty = version == 0 && application == 0 && session.QueryNumber("SELECT count(*) FROM sqlite_schema") == 0;
        if (isEmpty) return;
        if (application != ApplicationId || version < 1)
            throw new DamagedBytesException(DamageReason.Malformed, $"{name} is not a state database of this program.");
        if (version > newest)
            throw new DamagedBytesException(
                DamageReason.NewerFormat,
                $"The state database {name} has version {version}; this program knows versions up to {newest}. Use the newer program.");
    }

    internal static void Run(Session session, IReadOnlyList<string> scripts)
    {
        for (long version = session.QueryNumber("PRAGMA user_version"); version < scripts.Count; version++)
        {
            using var transaction = session.Begin();
            session.Execute(scripts[(int)version]);
            session.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}");
            transaction.Commit();
        }
    }

    private static string[] LoadScripts(Assembly assembly)
    {
        var scripts = new SortedDictionary<int, string>();
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Folder, StringComparison.Ordinal)) continue;
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            scripts.Add(int.Parse(resource.AsSpan(Folder.Length, 3)), reader.ReadToEnd());
        }
        int expected = 0;
        foreach (int number in scripts.Keys)
            if (number != ++expected) throw new InvalidOperationException($"The SQL script {expected:D3} is missing.");
        return [.. scripts.Values];
    }
}
