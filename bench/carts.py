#!/usr/bin/env python3
"""How much more items should count in session-kNN that were put into the cart, wished for or bought:
in neighbours, and in the present session. A plain search over all sessions, as VMIS-kNN reads, on the
first 80 % of a real log's sessions, five random folds, one held back at a time; paired 95 %
intervals over sessions. Needs numpy and $KASEB_DATA.

    KASEB_DATA=../shared/data python3 bench/carts.py
"""
import csv,gzip,os,random,math,collections
import numpy as np
def load(which):
    S=collections.OrderedDict()
    if which=='rees46':
        for r in csv.DictReader(gzip.open(os.environ['KASEB_DATA']+'/rees46/2019-Oct-head.csv.gz','rt')):
            if not r.get('user_session'): continue
            S.setdefault(r['user_session'],[]).append((r['event_time'],r['product_id'],r['event_type']))
    else:
        for r in csv.DictReader(gzip.open(os.environ['KASEB_DATA']+'/jd/events.csv.gz','rt')):
            S.setdefault(r['session'],[]).append((r['time'],r['item'],r['type']))
    out=[]
    for s,e in S.items():
        e.sort(key=lambda x:x[0]); out.append(e)
    out.sort(key=lambda e:e[0][0])
    return out
def build(train,acts,sample=500):
    post=collections.defaultdict(list); sets=[]
    for s,e in enumerate(train):
        d={}
        for t,i,a in e:
            if a=='view': d.setdefault(i,0)
        for t,i,a in e:
            if a in acts and i in d: d[i]=1
        sets.append(d)
    for s in range(len(sets)-1,-1,-1):
        for i in sets[s]:
            if len(post[i])<sample: post[i].append(s)
    n=len(sets); cnt=collections.Counter(i for d in sets for i in d)
    lift={i:1+math.log(n/c) for i,c in cnt.items()}
    return sets,post,lift
def query(views,acted,v):
    L=min(len(views),100); items=[];w={};ago={}
    for back in range(L):
        i=views[-1-back]
        if i in w: continue
        wt=(L-back)/L
        if i in acted: wt*=v
        w[i]=wt; ago[i]=back+1
    return w,ago
def scores(model,views,acted,ws,v,sample=500,k=500):
    sets,post,lift=model
    w,ago=query(views,acted,v)
    cand=sorted({s for i in w for s in post.get(i,())},reverse=True)[:sample]
    base=collections.defaultdict(float); extra=collections.defaultdict(float)
    for s in cand:
        sh=[i for i in w if i in sets[s]]
        sim=sum(w[i] for i in sh)/len(w)
        wt=sim*max(0,1-.1*(min(ago[i] for i in sh)-1))
        if wt<=0: continue
        for i,a in sets[s].items():
            base[i]+=wt*lift[i]
            if a: extra[i]+=wt*lift[i]
    return base,extra
def run(which,acts,ws,vs,folds=5,testshare=.2):
    all_=load(which); n=len(all_); train=all_[:int(n*(1-testshare))]
    rng=random.Random(1); idx=list(range(len(train))); rng.shuffle(idx)
    res=collections.defaultdict(list)  # (w,v)-> per session (hits, mrr, n)
    for f in range(folds):
        held=set(idx[f::folds]); model=build([train[i] for i in range(len(train)) if i not in held],acts)
        for s in sorted(held):
            e=train[s]; views=[];acted=set()
            R={}
            for t,i,a in e:
                if a=='view':
                    if views:
                        for v in (vs if acted else [1]):
                            b,x=scores(model,views,acted,ws,v)
                            for w in ws:
                                r=None
                                if i in b:
                                    sc=b[i]+(w-1)*x.get(i,0)
                                    r=1+sum(1 for j in b if j!=i and b[j]+(w-1)*x.get(j,0)>=sc)
                                hit=r is not None and r<=20
                                for vv in ([v] if acted else vs):
                                    h=R.setdefault((w,vv),[0,0,0,0])
                                    h[0]+=hit;h[1]+=(1/r if hit else 0);h[2]+=1;h[3]+=bool(acted)
                    views.append(i)
                elif a in acts: acted.add(i)
            for k_,h in R.items(): res[k_].append(h)
    base=np.array(res[(1,1)],float)
    B=np.random.default_rng(0).integers(0,len(base),(2000,len(base)))
    print(which,acts,'sessions',len(base),'events',int(base[:,2].sum()),'with an act before',int(base[:,3].sum()), 'sets with acts')
    for k_ in sorted(res):
        h=np.array(res[k_],float)
        N=h[:,2].sum()
        out=[]
        for m in (0,1):
            d=(h[:,m]-base[:,m]); bs=d[B].sum(1)/base[:,2][B].sum(1)
            out.append('%.5f (%+.5f [%+.5f,%+.5f])'%(h[:,m].sum()/N,d.sum()/N,np.quantile(bs,.025),np.quantile(bs,.975)))
        print('neighbour x%s present x%s  recall %s  mrr %s'%(k_[0],k_[1],*out))
ws=[1,1.5,2,3,5]; vs=[.5,1,1.5,2,3]
run('rees46',{'cart','purchase'},ws,vs)
run('jd',{'follow','order','comment'},ws,vs)
