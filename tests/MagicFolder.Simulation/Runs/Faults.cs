namespace MagicFolder.Simulation.Runs;

/// <summary>The kinds of trouble of a run, one by one, so that a failing run can be told without those that it does not need.</summary>
[Flags]
internal enum Faults
{
    None = 0,

    /// <summary>Users act between two steps of an engine.</summary>
    Users = 1,

    /// <summary>Another participant has a whole round between two steps.</summary>
    Nested = 2,

    /// <summary>A process dies before a step to the disk or the grid, or before a commit.</summary>
    Crash = 4,

    /// <summary>A process dies, and what its disk had not flushed is lost in part.</summary>
    Power = 8,

    /// <summary>Input and output errors and full disks.</summary>
    Disk = 16,

    /// <summary>The grid is unavailable, or its answer is lost after the effect.</summary>
    Grid = 32,

    /// <summary>State databases are lost.</summary>
    State = 64,

    /// <summary>Reads of heads that show an earlier version, by chance, or for a while all of them: a server that lags, or that was rolled back.</summary>
    Stale = 128,

    /// <summary>Objects that are missing or damaged at one read, and servers that for a while have nothing at all.</summary>
    Loss = 256,

    /// <summary>In some runs: disks that find a name by other spellings of it, and users who write names that there are one.</summary>
    Names = 512,

    All = 1023,

    /// <summary>
    /// Not trouble but a command: what no retained snapshot refers to is freed, histories are short, and now and then weeks pass. It is not among <see cref="All"/>, since versions leave the history then, so that
    /// the oracle asks for none there.
    /// </summary>
    Collect = 1024,
}
