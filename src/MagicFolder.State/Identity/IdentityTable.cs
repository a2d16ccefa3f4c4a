using MagicFolder.Model;

namespace MagicFolder.State;

/// <summary>One row: whose state this is.</summary>
public sealed class IdentityTable
{
    private readonly Statement _read;
    private readonly Statement _write;

    internal IdentityTable(Session session)
    {
        _read = new Statement(session, "SELECT folder, participant, actor, nonce FROM identity");
        _write = new Statement(session, "INSERT OR REPLACE INTO identity (id, folder, participant, actor, nonce) VALUES (1, ?, ?, ?, ?)");
    }

    /// <summary>Null in a new database.</summary>
    public ParticipantIdentity? Read()
    {
        using var row = _read.Begin();
        if (!row.Next()) return null;
        var folder = row.Blob(0);
        if (folder.Length != FolderId.Length) throw Execution.Damaged("a folder id has not 16 bytes");
        return new ParticipantIdentity(FolderId.FromBytes(folder), row.Text(1), row.Actor(2), row.Bytes(3));
    }

    public void Write(ParticipantIdentity identity)
    {
        using var write = _write.Begin();
        write.Bind(identity.Folder.ToArray()).Bind(identity.Participant).Bind(identity.Actor).Bind(identity.Nonce.AsSpan()).Run();
    }
}
