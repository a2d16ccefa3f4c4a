using System.Collections.Immutable;

namespace MagicFolder.State;

/// <summary>The device that the folder's own directory was on, and with it what is recorded there.</summary>
public sealed class FolderDiskTable
{
    private static readonly ImmutableArray<(string Table, string Column)> Devices =
    [
        ("records", "disk_device"), ("conflict_files", "disk_device"), ("intents", "expected_device"), ("intents", "staged_device"), ("leftovers", "disk_device"), ("directory_moves", "disk_device"),
    ];

    private readonly Session _session;
    private readonly Statement _read;
    private readonly Statement _write;
    private readonly Statement _holdsBits;
    private readonly Statement _writeHoldsBits;

    internal FolderDiskTable(Session session)
    {
        _session = session;
        _read = new Statement(session, "SELECT device FROM folder_disk");
        _write = new Statement(session, "INSERT INTO folder_disk (id, device) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET device = excluded.device");
        _holdsBits = new Statement(session, "SELECT holds_bits FROM folder_disk");
        _writeHoldsBits = new Statement(session, "UPDATE folder_disk SET holds_bits = ?");
    }

    /// <summary>Null when it was never noted.</summary>
    public ulong? Read()
    {
        using var row = _read.Begin();
        return row.Next() ? unchecked((ulong)row.Int64(0)) : null;
    }

    public void Write(ulong device)
    {
        using var write = _write.Begin();
        write.Bind(unchecked((long)device)).Run();
    }

    /// <summary>Whether a file can be made executable there, and not. Until that is noted, it can.</summary>
    public bool HoldsBits()
    {
        using var row = _holdsBits.Begin();
        return !row.Next() || row.Flag(0);
    }

    /// <summary>Of the device that is noted.</summary>
    public void WriteHoldsBits(bool holdsBits)
    {
        using var write = _writeHoldsBits.Begin();
        write.Bind(holdsBits).Run();
    }

    /// <summary>
    /// The same disk has another number now, or what is on it was brought to another disk: all that was recorded on the former one is on this one. What was on a third one that had this number is on an unknown one.
    /// </summary>
    public void MoveTo(ulong device)
    {
        if (Read() is not { } former || former == device) return;
        foreach (var (table, column) in Devices)
        {
            var statement = new Statement(_session, $"UPDATE {table} SET {column} = CASE {column} WHEN ?1 THEN ?2 ELSE 0 END WHERE {column} IN (?1, ?2)");
            using var update = statement.Begin();
            update.Bind(unchecked((long)former)).Bind(unchecked((long)device)).Run();
        }
        Write(device);
    }
}
