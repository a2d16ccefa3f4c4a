namespace MagicFolder.Sync.Planning;

/// <summary>What is to be done now under a path's own name.</summary>
internal enum MainStep
{
    None,

    /// <summary>In the backward sweep: what it holds goes first.</summary>
    WaitForRemovals,

    /// <summary>This computer cannot hold the name.</summary>
    RefuseName,

    /// <summary>The disk is not as recorded: a local change, which has to become a version first.</summary>
    LookAgain,

    /// <summary>A FIFO, socket or device stands there: no look will ever make a version of it.</summary>
    WaitForSpecial,

    /// <summary>In the directory that has to go is only what is ignored or never synchronized, which stays until somebody moves it.</summary>
    WaitForWhatStays,

    /// <summary>The directory that is wanted stands there already.</summary>
    TakeAsImplied,

    /// <summary>One of our own conflict files has the name.</summary>
    GiveWay,

    Adopt,
    Create,
    Replace,
    KeepAsImplied,
    CreateImplied,
    ReplaceByImplied,
}
