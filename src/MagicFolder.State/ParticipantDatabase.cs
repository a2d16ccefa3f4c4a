using MagicFolder.Model;

namespace MagicFolder.State;

/// <summary>
/// Everything that one participant remembers, in one SQLite file outside of the folder. Pure mechanism: it decides nothing. One thread at a time.
/// A write outside of a transaction is one by itself, and each costs a flush of the disk: put writes that belong together into one.
/// </summary>
/// <remarks>
/// All operations may throw <see cref="DamagedBytesException"/> (the file is corrupt) and <see cref="StateStorageException"/> (it cannot be
/// read or written). Format: docs/formats/state-database.md.
/// </remarks>
public sealed class ParticipantDatabase : IDisposable
{
    private readonly Session _session;
    private readonly IDisposable? _lock;

    private ParticipantDatabase(Session session, IDisposable? fileLock)
    {
        _session = session;
        _lock = fileLock;
        Identity = new IdentityTable(session);
        Versions = new VersionsTable(session);
        Observations = new ObservationsTable(session);
        Nodes = new NodesTable(session);
        Records = new RecordsTable(session);
        ConflictFiles = new ConflictFilesTable(session);
        Pending = new PendingTable(session);
        Unseen = new UnseenTable(session);
        FolderDisk = new FolderDiskTable(session);
        Packs = new PacksTable(session);
        GivenUpPacks = new GivenUpPacksTable(session);
        Blobs = new BlobsTable(session, Packs);
        Heads = new HeadsTable(session);
        Collective = new CollectiveTable(session);
        Sealed = new SealedTable(session);
        Intents = new IntentsTable(session);
        DirectoryMoves = new DirectoryMovesTable(session);
        Activity = new ActivityTable(session);
        Problems = new ProblemsTable(session);
        Guard = new GuardTable(session);
        Leftovers = new StagedLeftoversTable(session);
        IgnoreRules = new IgnoreRulesTable(session);
    }

    public IdentityTable Identity { get; }

    public VersionsTable Versions { get; }

    public ObservationsTable Observations { get; }

    public NodesTable Nodes { get; }

    public RecordsTable Records { get; }

    public ConflictFilesTable ConflictFiles { get; }

    public PendingTable Pending { get; }

    public UnseenTable Unseen { get; }

    public FolderDiskTable FolderDisk { get; }

    public BlobsTable Blobs { get; }

    public PacksTable Packs { get; }

    public GivenUpPacksTable GivenUpPacks { get; }

    public HeadsTable Heads { get; }

    public CollectiveTable Collective { get; }

    public SealedTable Sealed { get; }

    public IntentsTable Intents { get; }

    public DirectoryMovesTable DirectoryMoves { get; }

    public ActivityTable Activity { get; }

    public ProblemsTable Problems { get; }

    public GuardTable Guard { get; }

    public StagedLeftoversTable Leftovers { get; }

    public IgnoreRulesTable IgnoreRules { get; }

    /// <summary>Opens a database, made (mode 0600) or brought to the newest tables where needed. The directory must exist.</summary>
    /// <exception cref="StateInUseException">It is open already, here or in another process.</exception>
    /// <exception cref="DamagedBytesException">It is corrupt or something else (Malformed), or written by a newer program (NewerFormat); it is left as it is.</exception>
    public static ParticipantDatabase Open(string file) => Open(file, Migration.Scripts);

    internal static ParticipantDatabase Open(string file, IReadOnlyList<string> scripts)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string full = Path.GetFullPath(file);
        var fileLock = StateLock.Take(full);
        try
        {
            return new ParticipantDatabase(Opening.File(full, scripts), fileLock);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Moves a database to a place where nothing is yet, so that a new one can begin in its own. It need not be sound. The log of what was committed last goes first: left behind, it would be taken
    /// for that of the new one; should this be broken off, what stays is an older state.
    /// </summary>
    /// <exception cref="StateInUseException">It is open, here or in another process.</exception>
    /// <exception cref="StateStorageException">It is not there, or cannot be moved.</exception>
    public static void SetAside(string file, string to)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentException.ThrowIfNullOrEmpty(to);
        string full = Path.GetFullPath(file);
        if (!File.Exists(full)) throw new StateStorageException($"There is no state database {full}.");
        using var fileLock = StateLock.Take(full);
        try
        {
            foreach (string part in new[] { "-wal", "-shm", "" })
                if (File.Exists(full + part)) File.Move(full + part, to + part);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateStorageException($"The state database {full} cannot be put aside as {to}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Opens an existing database for reading only, beside whoever has it open. It shows one moment: what is committed later is not seen. Takes no lock, and brings no
    /// old tables up to date. Every change of a table fails with a <see cref="StateStorageException"/>.
    /// </summary>
    /// <exception cref="StateStorageException">It does not exist, cannot be read, or has tables older than this program's.</exception>
    /// <exception cref="DamagedBytesException">It is corrupt or something else (Malformed), or written by a newer program (NewerFormat).</exception>
    public static ParticipantDatabase OpenForReading(string file) => OpenForReading(file, Migration.Scripts.Count);

    internal static ParticipantDatabase OpenForReading(string file, int newest)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return new ParticipantDatabase(Opening.Reading(Path.GetFullPath(file), newest), null);
    }

    /// <summary>
    /// A database in memory. All that were opened under one name in this process are the same one, which lives as long as any of them is open. No lock: but while one
    /// of them is in a transaction the others get a <see cref="StateInUseException"/>.
    /// </summary>
    public static ParticipantDatabase OpenInMemory(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ParticipantDatabase(Opening.Memory(name, Migration.Scripts), null);
    }

    /// <summary>For simulations: a database in memory with the content of an image, or a new one when that is empty. Nobody else shares it.</summary>
    internal static ParticipantDatabase OpenImage(ReadOnlyMemory<byte> image) => new(Opening.Image(image, Migration.Scripts), null);

    /// <summary>For simulations: what is committed, for <see cref="OpenImage"/>.</summary>
    internal byte[] ToImage() => MemoryImage.Of(_session);

    /// <summary>For simulations: the process that used this has died, and another goes on with it.</summary>
    internal void Abandon() => _session.Abandon();

    /// <summary>Takes the write lock at once (BEGIN IMMEDIATE). All tables take part.</summary>
    /// <exception cref="InvalidOperationException">One is open already.</exception>
    public StateTransaction Begin() => _session.Begin();

    /// <summary>
    /// For simulations of a process that dies: asked before every commit, also that of a statement outside of a transaction. False refuses it, with an
    /// <see cref="InvalidOperationException"/>, and nothing of it is kept.
    /// </summary>
    internal void AskBeforeCommits(Func<bool> mayCommit) => _session.AskBeforeCommits(mayCommit);

    /// <summary>For those who count: called for every statement that begins to run, those that begin and end transactions included.</summary>
    internal void TellStatements(Action tell) => _session.TellStatements(tell);

    /// <summary>Reads the whole database and reports what is damaged in it; empty when it is sound. Takes seconds for a large one.</summary>
    public IReadOnlyList<string> CheckIntegrity() =>
        _session.QueryTexts("PRAGMA integrity_check") is var found and not ["ok"] ? found : [];

    /// <summary>Rolls back an open transaction and closes. Afterwards the file can be opened again.</summary>
    public void Dispose()
    {
        _session.Dispose();
        _lock?.Dispose();
    }
}
